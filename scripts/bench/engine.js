// The embedded engine: how soon it listens, and what it takes beside servers that only echo, or store nothing. Each server has a process
// of its own; the clients are in this one. Where there is a mongod, it takes part.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { startEngine } from '../../dist/engine/index.js';
import { findMongod } from '../../dist/engine/find-mongod.js';
import { encodeMsg } from '../../dist/wire/message.js';
import { BSON } from '../../dist/wire/bson.js';
import { byTurns, environment, ms, row, timeOf, units } from './measuring.js';
import { placementsOf } from './placement.js';
import { rawClient } from './raw-client.js';

export async function measure({ work, runs, small }) {
  const mongod = await mongodHere();
  if (!mongod) console.log('There is no mongod on this machine: nothing stands beside the engine.');
  await listening({ work, runs, mongod });
  const servers = [];
  const start = async (server) => {
    servers.push(server);
    return server;
  };
  try {
    const embedded = await start(await inProcess('embedded', work));
    const echo = await start(await inProcess('echo', work));
    const real = mongod && (await start(await mongod()));
    await points({ runs, count: small ? 20 : 200, embedded, echo, real });
    await many({ runs, count: small ? 20 : 10_000, embedded, echo, real });
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** A function that starts the mongod of this machine, or undefined where there is none. */
async function mongodHere() {
  const found = await findMongod(process.env);
  if (!found) return undefined;
  process.env.MONGOMS_RUNTIME_DOWNLOAD = '0';
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK ??= '0';
  const { MongoMemoryServer } = await import('mongodb-memory-server-core');
  return async () => {
    const server = await MongoMemoryServer.create({ binary: { systemBinary: found.path }, instance: { ip: '127.0.0.1' } });
    return { port: Number(new URL(server.getUri()).port), pid: server.instanceInfo?.instance.mongodProcess?.pid, stop: () => server.stop({ doCleanup: true, force: true }) };
  };
}

/** A server in a process of its own. */
async function inProcess(kind, work) {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [kind], { env: environment(work) });
  const [{ port }] = await Promise.race([once(child, 'message'), once(child, 'exit').then(([code]) => { throw new Error(`the server "${kind}" ended with ${code}`); })]);
  return {
    port,
    pid: child.pid,
    /** For the echo: what it answers from now on. */
    async answer(bytes) {
      child.send({ bytes: bytes.toString('base64') });
      await once(child, 'message');
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function listening({ work, runs, mongod }) {
  const untilListening = async (start) => {
    let server;
    const took = await timeOf(async () => { server = await start(); });
    await server.stop();
    return took;
  };
  const took = await byTurns(runs, {
    M: units(environment(work)).M, embedded: () => untilListening(() => startEngine()), ...(mongod ? { mongod: () => untilListening(mongod) } : {}),
  });
  row('M: import of mongodb', ms(took.M));
  row('listening, in a warm process', ms(took.embedded), { ratio: took.embedded / took.M, unit: 'M', limit: 0.2 });
  if (mongod) row('listening, a mongod', ms(took.mongod), { ratio: took.mongod / took.embedded, unit: '× the engine', limit: 20, atLeast: true });
}

const person = (id) => ({ _id: new BSON.Int32(id), name: `name ${String(id).padStart(9, '0')}`, value: new BSON.Int32(id % 1000), at: new Date(0) });

/** A message in which only the number of the document changes, and the place where it stands. */
function template(command) {
  const mark = 0x7a6b5c4d;
  const bytes = encodeMsg(BSON.serialize(command(mark)));
  const places = [];
  const wanted = Buffer.alloc(4);
  wanted.writeInt32LE(mark);
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) places.push(at);
  return (id) => {
    for (const at of places) bytes.writeInt32LE(id, at);
    return bytes;
  };
}

/** Point operations over a bare socket, beside the same bytes sent and as many received. */
async function points({ runs, count, embedded, echo, real }) {
  const stored = 1000;
  const read = template((id) => ({ find: 'points', filter: { _id: new BSON.Int32(id) }, limit: 1, singleBatch: true, $db: 'bench' }));
  const write = template((id) => ({ insert: 'points', documents: [{ ...person(0), _id: new BSON.Int32(id) }], $db: 'bench' }));
  const places = { embedded, echo, ...(real ? { mongod: real } : {}) };
  const clients = {};
  for (const [name, { port }] of Object.entries(places)) clients[name] = await rawClient(port);
  const { placements, release } = placementsOf(Object.values(places).flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
  try {
    for (const [name, client] of Object.entries(clients)) {
      if (name !== 'echo') await client.ask(encodeMsg(BSON.serialize({ insert: 'points', documents: Array.from({ length: stored }, (_, id) => person(id)), $db: 'bench' })));
    }
    let last = stored;
    for (const [what, message] of [['point read', (index) => read((index * 379) % stored)], ['point write', () => write(++last)]]) {
      const reply = await clients.embedded.ask(message(1));
      const { ok } = BSON.deserialize(reply.subarray(21));
      if (ok !== 1) throw new Error(`the engine refused a ${what}`);
      await echo.answer(reply);
      // Short turns, and many: all meet the same moments of a machine that others use too.
      const ask = async (client, times) => {
        for (let index = 0; index < times; index++) await client.ask(message(index));
      };
      for (const { name, place } of placements) {
        place();
        // Until its code is compiled a server takes several times as long.
        for (const client of Object.values(clients)) await ask(client, count * 100);
        const took = await byTurns(runs * 10, Object.fromEntries(Object.entries(clients).map(([who, client]) => [who, () => timeOf(() => ask(client, count))])));
        row(`an echo of the same bytes${name}`, ms(took.echo / count));
        row(`${what}${name}`, ms(took.embedded / count), { ratio: took.embedded / took.echo, unit: '× the echo', limit: 1.5 });
        if (real) row(`${what}${name}: a mongod`, ms(took.mongod / count), { ratio: took.embedded / took.mongod, unit: '× the mongod', limit: 1 });
      }
    }
  } finally {
    release();
    for (const client of Object.values(clients)) client.close();
  }
}

/** `insertMany` by the official driver, beside the same against a server that stores nothing. */
async function many({ runs, count, embedded, echo, real }) {
  await echo.answer(encodeMsg(BSON.serialize({ n: count, ok: 1 })));
  const clients = {};
  for (const [name, server] of Object.entries({ nothing: echo, embedded, ...(real ? { mongod: real } : {}) })) {
    clients[name] = await MongoClient.connect(`mongodb://127.0.0.1:${server.port}/?directConnection=true`);
  }
  const documents = Array.from({ length: count }, (_, id) => ({ _id: id, name: `name ${id}`, value: id, at: new Date(0) }));
  const insert = (client, unique) => async () => {
    const collection = client.db('bench').collection('many');
    await collection.drop();
    if (unique) await collection.createIndex({ value: 1 }, { unique: true });
    return timeOf(() => collection.insertMany(documents));
  };
  try {
    const took = await byTurns(runs, Object.fromEntries(Object.entries(clients).flatMap(([name, client]) => [[name, insert(client, false)], ...(name === 'nothing' ? [] : [[`${name}, unique`, insert(client, true)]])])));
    const what = `insertMany of ${count.toLocaleString('en')}`;
    row(`${what}: a server that stores nothing`, ms(took.nothing));
    row(what, ms(took.embedded), { ratio: took.nothing / took.embedded, unit: '× its rate', limit: 0.45, atLeast: true });
    row(`${what}, a second unique index`, ms(took['embedded, unique']), { ratio: took.nothing / took['embedded, unique'], unit: '× its rate', limit: 0.28, atLeast: true });
    if (real) {
      row(`${what}: a mongod`, ms(took.mongod));
      row(`${what}, a second unique index: a mongod`, ms(took['mongod, unique']));
    }
  } finally {
    for (const client of Object.values(clients)) await client.close();
  }
}
