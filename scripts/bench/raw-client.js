// A client that is only a socket: sends bytes, waits for as many as the reply says it has.
import { connect } from 'node:net';

/**
 * @returns `ask`, which sends one message and gives the whole reply, and `close`
 */
export async function rawClient(port) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let [received, waiting] = [Buffer.alloc(0), undefined];
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    if (received.length < 4 || received.length < received.readInt32LE(0)) return;
    const reply = received;
    received = Buffer.alloc(0);
    waiting.done(reply);
  });
  await new Promise((done, failed) => {
    socket.once('connect', done);
    socket.once('error', failed);
  });
  socket.on('error', (error) => waiting?.failed(error));
  return {
    ask: (bytes) => new Promise((done, failed) => {
      waiting = { done, failed };
      socket.write(bytes);
    }),
    close: () => socket.destroy(),
  };
}
