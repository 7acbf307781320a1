// A million documents in the engine: what they take beside their own bytes, how long they take to store, and whether a find by an index
// still takes what it takes among a thousand.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MongoClient } from 'mongodb';
import { startEngine } from '../../dist/engine/index.js';
import { encodeMsg } from '../../dist/wire/message.js';
import { BSON } from '../../dist/wire/bson.js';
import { byTurns, median, ms, row, timeOf } from './measuring.js';
import { rawClient } from './raw-client.js';

const [few, batch, findsInATurn] = [1000, 10_000, 500];

export async function measure({ runs, small }) {
  const count = small ? 2000 : 1_000_000;
  const server = await startEngine();
  const client = await MongoClient.connect(server.uri);
  const socket = await rawClient(server.port);
  try {
    const coll = client.db('bench').collection('many');
    const document = documentsOf(count);
    await coll.insertOne(document(0));
    const before = heldBytes();
    const load = await timeOf(async () => {
      for (let from = 1; from < count; from += batch) await coll.insertMany(Array.from({ length: Math.min(batch, count - from) }, (_, index) => document(from + index)));
    });
    const loaded = heldBytes();
    const build = await timeOf(() => coll.createIndex({ value: 1 }));
    const indexed = heldBytes();
    const fewOfThem = client.db('bench').collection('few');
    await fewOfThem.insertMany(Array.from({ length: few }, (_, index) => documentsOf(few)(index)));
    await fewOfThem.createIndex({ value: 1 });

    row(`${count.toLocaleString('en')} documents, each`, `${BSON.calculateObjectSize(document(count >> 1))} bytes`);
    row('memory of each, with the index on _id', `${((loaded - before) / count).toFixed(0)} bytes`);
    row('memory of each in another index', `${((indexed - loaded) / count).toFixed(0)} bytes`);
    row('loaded each second', `${(count / load).toFixed(0)} thousand`);
    row('index built in', `${(build / 1000).toFixed(1)} s`);
    const find = (collection, value) => socket.ask(encodeMsg(BSON.serialize({ find: collection, filter: { value }, $db: 'bench' })));
    const finds = (collection, size) => (run) => timeOf(async () => {
      for (let index = 0; index < findsInATurn; index++) await find(collection, ((run * findsInATurn + index) * 104_729) % size);
    });
    const took = await byTurns(runs, { few: finds('few', few), many: finds('many', count) });
    row(`find by an indexed field among ${few.toLocaleString('en')}`, ms(took.few / findsInATurn));
    row(`find by an indexed field among ${count.toLocaleString('en')}`, ms(took.many / findsInATurn), { ratio: took.many / took.few, unit: '× among few', limit: 1.5 });
    const scans = [];
    for (let run = 0; run < Math.min(runs, 5); run++) scans.push(await timeOf(() => coll.find({ name: `none ${run}` }).toArray()));
    row('find without an index', ms(median(scans)));
  } finally {
    socket.close();
    await client.close();
    await server.stop();
  }
}

const documentsOf = (count) => (index) => ({ _id: index, name: `name ${index}`, value: (index * 7919) % count, at: new Date(index) });

/** What is held after all garbage is collected. */
function heldBytes() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
