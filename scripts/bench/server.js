// One server in a process of its own, for the part `engine`; the port goes to the parent.
// usage (by fork): server.js embedded | echo
// `echo` reads messages and stores nothing: to each it sends the bytes that the parent gave it as a reply last, with the id
// of the request in them; `hello` is answered as a server does.
import { createServer } from 'node:net';

process.on('disconnect', () => process.exit());
if (process.argv[2] === 'embedded') {
  const { startEngine } = await import('../../dist/engine/index.js');
  process.send({ port: (await startEngine()).port });
} else {
  const [{ encodeLegacyReply, encodeMsg, opCode }, { BSON }] = await Promise.all([import('../../dist/wire/message.js'), import('../../dist/wire/bson.js')]);
  const hello = BSON.serialize({
    helloOk: true, isWritablePrimary: true, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, minWireVersion: 0, maxWireVersion: 27, ok: 1,
  });
  let reply = encodeMsg(BSON.serialize({ n: 0, ok: 1 }));
  const answerTo = (message) => {
    const id = message.readInt32LE(4);
    if (message.readInt32LE(12) === opCode.query) return encodeLegacyReply(hello, id);
    if (/^.{26}(hello|ismaster)\0/is.test(message.toString('latin1', 0, 64))) return encodeMsg(hello, { responseTo: id });
    reply.writeInt32LE(id, 8);
    return reply;
  };
  process.on('message', ({ bytes }) => {
    reply = Buffer.from(bytes, 'base64');
    process.send({ taken: true });
  });
  const server = createServer({ noDelay: true }, (socket) => {
    let [start, size, wanted] = [Buffer.alloc(0), 0, 0];
    socket.on('data', (chunk) => {
      // Of a long message only the beginning is kept: nothing is stored, and nothing copied.
      if (size < 64) start = size === 0 ? chunk : Buffer.concat([start, chunk]);
      size += chunk.length;
      if (start.length >= 4) wanted = start.readInt32LE(0);
      if (wanted === 0 || size < wanted) return;
      size = 0;
      wanted = 0;
      socket.write(answerTo(start));
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen({ host: '127.0.0.1', port: 0 }, () => process.send({ port: server.address().port }));
}
