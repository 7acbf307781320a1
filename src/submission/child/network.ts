import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What a process with a network of its own does before a submission is loaded. */
export interface NetworkOrder {
  /** Ports of 127.0.0.1 whose listening sockets are handed to the grader. */
  listen: number[];
  /** Where the submission serves HTTP: its port, and the socket files through which the grader gets there. */
  bridge?: { port: number; http: string; probe: string };
}

/**
 * Listens in the submission's network and gives the sockets away, so that what connects there reaches the grader
 * directly; then lets HTTP requests of the grader in. The channel that the sockets went through is closed by the grader.
 */
export async function openNetwork({ listen, bridge }: NetworkOrder): Promise<void> {
  const servers = await Promise.all(listen.map(async (port) => {
    const server = createServer();
    server.listen({ host: '127.0.0.1', port });
    await once(server, 'listening');
    return server;
  }));
  const closed = once(process, 'disconnect');
  for (const server of servers) process.send?.('listening', server);
  await closed;
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.close(() => done()))));
  if (!bridge) return;
  const upstream = (): Socket => connect({ host: '127.0.0.1', port: bridge.port });
  await Promise.all([
    serve(bridge.http, (socket) => {
      const server = upstream();
      const end = (): void => void [socket, server].forEach((one) => one.destroy());
      for (const one of [socket, server]) one.on('error', end).on('close', end);
      socket.pipe(server).pipe(socket);
    }),
    serve(bridge.probe, (socket) => {
      const server = upstream();
      const answer = (text: string): void => {
        server.destroy();
        socket.end(text);
      };
      socket.on('error', () => socket.destroy());
      server.once('connect', () => answer('1')).once('error', () => answer('0'));
    }),
  ]);
}

async function serve(path: string, take: (socket: Socket) => void): Promise<void> {
  const server: Server = createServer(take);
  server.listen(path);
  await once(server, 'listening');
  // A program that has nothing else to do ends.
  server.unref();
}
