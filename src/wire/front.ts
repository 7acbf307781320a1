import { createServer, type Server, type Socket } from 'node:net';
import type { Backend, BackendConnection, ConnectionInfo, Interceptor, WireMessage } from './backend.ts';
import { Framer, ProtocolError } from './message.ts';

export interface FrontOptions {
  backend: Backend;
  interceptor?: Interceptor;
  /** 0 or absent: one that is free. */
  port?: number;
}

/** A listening socket on the loopback address: it frames messages, shows them to the interceptor, and asks the backend. */
export interface Front {
  readonly port: number;
  /** Refuses new connections and closes open ones, until `open()`. */
  shut(): Promise<void>;
  /** Listens again on the same port. */
  open(): Promise<void>;
  /** Takes connections of another listening socket too; gives a function that closes it. While it is shut they end at once. */
  adopt(server: Server): () => void;
  /** While true, requests are read and never answered. */
  silent: boolean;
  close(): Promise<void>;
}

/** @throws the system's error where the port is taken */
export async function startFront(options: FrontOptions): Promise<Front> {
  const front = new ListeningFront(options);
  await front.open();
  return front;
}

class ListeningFront implements Front {
  readonly #options: FrontOptions;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #lastConnection = 0;
  #port: number;
  silent = false;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen({ host: '127.0.0.1', port: this.#port }, () => {
        server.removeListener('error', failed);
        done();
      });
    });
    const address = server.address();
    if (address && typeof address === 'object') this.#port = address.port;
    this.#server = server;
  }

  adopt(server: Server): () => void {
    server.on('connection', (socket) => {
      socket.setNoDelay(true);
      if (this.#server) this.#accept(socket);
      else socket.destroy();
    });
    return () => server.close();
  }

  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server ? new Promise<void>((done) => server.close(() => done())) : undefined;
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.shut();
  }

  #accept(socket: Socket): void {
    const info = { id: ++this.#lastConnection, remotePort: socket.remotePort ?? 0, ...(socket.localPort ? { localPort: socket.localPort } : {}) };
    const connection = new Connection(socket, info, this.#options, this);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #info: ConnectionInfo;
  readonly #interceptor: Interceptor | undefined;
  readonly #backend: BackendConnection;
  readonly #framer = new Framer();
  readonly #front: { silent: boolean };
  #byClient = true;

  constructor(socket: Socket, info: ConnectionInfo, options: FrontOptions, front: { silent: boolean }) {
    this.#socket = socket;
    this.#info = info;
    this.#front = front;
    this.#interceptor = options.interceptor;
    this.#interceptor?.opened(info);
    this.#backend = options.backend.connect(info, (bytes) => this.#reply(bytes), () => this.destroy());
    socket.on('data', (chunk) => this.#read(chunk));
    // A peer that resets its connection is a closed connection, nothing more.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#backend.close();
      this.#interceptor?.closed(info, this.#byClient);
    });
  }

  destroy(): void {
    if (!this.#socket.destroyed) this.#byClient = false;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const whole = this.#framer.whole(chunk);
    if (whole) {
      this.#take(whole);
      return;
    }
    let messages;
    try {
      messages = this.#framer.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.destroy();
      return;
    }
    for (const message of messages) if (!this.#take(message)) return;
  }

  /** False where the connection was cut: nothing that came with it counts. */
  #take(message: WireMessage): boolean {
    const fault = this.#interceptor?.request(this.#info, message);
    if (this.#front.silent || fault?.kind === 'drop') return true;
    if (fault?.kind === 'cut') {
      this.destroy();
      return false;
    }
    if (fault?.kind === 'reply') this.#reply(fault.bytes);
    else if (fault?.kind === 'delay') setTimeout(() => this.#handle(message), fault.ms).unref();
    else this.#handle(message);
    return true;
  }

  #handle(message: WireMessage): void {
    if (this.#socket.destroyed) return;
    try {
      this.#backend.handle(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.destroy();
    }
  }

  #reply(bytes: Buffer): void {
    if (this.#socket.destroyed || this.#front.silent) return;
    this.#socket.write(this.#interceptor ? this.#interceptor.reply(this.#info, bytes) : bytes);
  }
}
