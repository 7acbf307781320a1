import { request, type ClientRequest } from 'node:http';
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  ms: number;
}

const mostBody = 4 * 1024 * 1024;

/** Where a server is reached: its port on this machine or, in a sandbox with a network of its own, the socket files that lead there. */
export type ServerAddress = { port: number } | { http: string; probe: string };

export interface RawRequest {
  address: ServerAddress;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  timeoutMs: number;
}

/** One HTTP request on a connection of its own. Rejects where there is no answer in time; a body past 4 MiB is cut. */
export async function askServer(asked: RawRequest): Promise<RawAnswer> {
  try {
    return await askOnce(asked, 60);
  } catch (error) {
    const cut = ['EPIPE', 'ECONNRESET'].includes(String((error as NodeJS.ErrnoException).code));
    if (!cut || (asked.body?.length ?? 0) <= 2 * piece) throw error;
    // The answer may have been lost because we were still writing: once more, with time for it to come first.
    return askOnce(asked, 1000);
  }
}

function askOnce({ address, method, path, headers, body, timeoutMs }: RawRequest, patienceMs: number): Promise<RawAnswer> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...('http' in address ? { socketPath: address.http } : { host: '127.0.0.1', port: address.port }), method, path, agent: false, headers: { ...headers, ...(body ? { 'content-length': String(body.length) } : {}) } }, (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= mostBody) chunks.push(chunk);
        else incoming.destroy();
      });
      incoming.on('close', () => {
        clearTimeout(timer);
        outgoing.destroy();
        const flat = Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]);
        resolve({ status: incoming.statusCode ?? 0, headers: Object.fromEntries(flat), text: Buffer.concat(chunks).toString('utf8'), ms: Math.round(performance.now() - startedAt) });
      });
    });
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    void send(outgoing, body, patienceMs);
  });
}

const piece = 64 * 1024;

/**
 * Sends a large body in pieces with a pause between them, and stops once the server has answered: one that refuses it
 * may close the connection, and what is then still being written would cost us the answer.
 */
async function send(outgoing: ClientRequest, body: Buffer | undefined, patienceMs: number): Promise<void> {
  if (!body || body.length <= 2 * piece) return void outgoing.end(body);
  let answered = false;
  outgoing.once('response', () => (answered = true));
  for (let at = 0; at < body.length; at += piece) {
    if (answered || outgoing.destroyed) return;
    outgoing.write(body.subarray(at, at + piece));
    // One that looks at the length alone answers after the first piece.
    await new Promise((done) => setTimeout(done, at === 0 ? patienceMs : 4));
  }
  outgoing.end();
}

/** Waits until a server accepts connections; false when `until` settles first or the time is over. */
export async function waitForServer(address: ServerAddress, timeoutMs: number, until: Promise<unknown>): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  const ended = until.then(() => true);
  while (Date.now() < deadline) {
    if (await accepts(address)) return true;
    if (await Promise.race([ended, new Promise<false>((done) => setTimeout(() => done(false), 15))])) break;
  }
  return false;
}

function accepts(address: ServerAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = 'http' in address ? connect({ path: address.probe }) : connect({ host: '127.0.0.1', port: address.port });
    const settle = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    if (!('http' in address)) socket.once('connect', () => settle(true));
    else socket.once('data', (answer) => settle(answer.toString() === '1')).once('end', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

const [lowest, highest] = [10_000, 14_999];

/** A free port below those that systems hand out, so that nothing takes it before a server listens there. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  for (let attempt = 0; ; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)));
    });
    if (free) return port;
    if (attempt > 100) throw new Error('no free port was found');
  }
}
