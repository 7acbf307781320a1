import type { Db } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from '../on-engines.ts';
import { answers, differences } from './differences.ts';

const createIndex = (key: Record<string, string>) => (db: Db): Promise<object> => db.command({ createIndexes: 'c', indexes: [{ key, name: 'i' }] });
const find = (filter: object) => (db: Db): Promise<object> => db.command({ find: 'c', filter });
const aggregate = (...pipeline: object[]) => (db: Db): Promise<object> => db.command({ aggregate: 'c', pipeline, cursor: {} });
const places = (db: Db): Promise<unknown> => db.collection('c').insertMany([{ at: [1, 2] }, { at: [50, 60] }]);
const indexed = async (db: Db, key: Record<string, string>): Promise<void> => void await db.collection('c').createIndex(key as never);

differences('geometry', 'it would be an engine of its own, and no exercise asks for it', [
  { what: 'an index on a sphere', ask: createIndex({ at: '2dsphere' }), embedded: { code: 238 }, mongodb: answers },
  { what: 'an index on a plane', ask: createIndex({ at: '2d' }), embedded: { code: 238 }, mongodb: answers },
  { what: '$geoWithin', given: places, ask: find({ at: { $geoWithin: { $center: [[0, 0], 5] } } }), embedded: { code: 238 }, mongodb: { answer: { cursor: { firstBatch: [{ at: [1, 2] }] } } } },
  { what: '$geoIntersects', ask: find({ at: { $geoIntersects: { $geometry: { type: 'Point', coordinates: [1, 2] } } } }), embedded: { code: 238 }, mongodb: answers },
]);

differences('text search', 'it needs the stemmers and stop words of many languages', [
  { what: 'an index', ask: createIndex({ text: 'text' }), embedded: { code: 238 }, mongodb: answers },
]);

differences('time series', 'their buckets are a storage of their own', [
  { what: 'a collection', ask: (db) => db.command({ create: 'c', timeseries: { timeField: 't' } }), embedded: { code: 238 }, mongodb: answers },
]);

const identity = { body: 'function (a) { return a }', args: [1], lang: 'js' };
differences('JavaScript in the server', 'what a submission sends must not run where it is judged; MongoDB says the same of $where when it was started with --noscripting', [
  { what: '$where', given: places, ask: find({ $where: 'true' }), embedded: { code: 2 }, mongodb: answers },
  { what: '$function', given: places, ask: aggregate({ $project: { x: { $function: identity } } }), embedded: { code: 31325 }, mongodb: answers },
  { what: 'mapReduce', given: places, ask: (db) => db.command({ mapReduce: 'c', map: 'function () { emit(1, 1) }', reduce: 'function () { return 1 }', out: { inline: 1 } }), embedded: { code: 59 }, mongodb: answers },
]);

differences('users', 'MongoDB\'s built-in roles are there, and the loopback address is all that is listened on', [
  { what: 'a role of one\'s own', ask: async (db) => {
    const made = await db.command({ createRole: 'r', privileges: [], roles: [] });
    await db.command({ dropRole: 'r' });
    return made;
  }, embedded: { code: 59 }, mongodb: answers },
  { what: 'a login from some addresses', ask: async (db) => {
    const made = await db.command({ createUser: 'u', pwd: 'p', roles: [], authenticationRestrictions: [{ clientSource: ['127.0.0.1'] }] });
    await db.command({ dropUser: 'u' });
    return made;
  }, embedded: { code: 238 }, mongodb: answers },
]);

differences('operating a server', 'there are no files, no log and no profile to look after', [
  { what: 'compact', given: places, ask: (db) => db.command({ compact: 'c', force: true }), embedded: { code: 59 }, mongodb: answers },
  { what: 'top', ask: (db) => db.admin().command({ top: 1 }), embedded: { code: 59 }, mongodb: answers },
  { what: 'dbHash', given: places, ask: (db) => db.command({ dbHash: 1 }), embedded: { code: 59 }, mongodb: answers },
  { what: 'writing waits for a copy of the files', ask: async (db) => {
    const locked = await db.admin().command({ fsync: 1, lock: true });
    await db.admin().command({ fsyncUnlock: 1 });
    return locked;
  }, embedded: { code: 115 }, mongodb: answers },
  { what: 'the profiler', ask: async (db) => {
    const set = await db.command({ profile: 2 });
    await db.command({ profile: 0 });
    return set;
  }, embedded: { code: 115 }, mongodb: answers },
  { what: 'lines of the log', ask: (db) => db.admin().command({ getLog: 'global' }), embedded: { answer: { totalLinesWritten: 0, log: [] } }, mongodb: answers },
  { what: 'index filters', given: (db) => indexed(db, { a: 1 as never }), ask: (db) => db.command({ planCacheSetFilter: 'c', query: { a: 1 }, indexes: [{ a: 1 }] }), embedded: { code: 59 }, mongodb: answers },
]);

// What happened is kept in another shape; a change stream tells it.
onEngines('the log of a replica set', (engine) => {
  test('is not there to be read', async () => {
    const looked = engine.client.db('local').collection('oplog.rs').find().limit(1).toArray();
    if (engine.isEmbedded) await expect(looked).rejects.toMatchObject({ code: 115 });
    else expect(await looked).toHaveLength(1);
  });
}, { replset: true });
