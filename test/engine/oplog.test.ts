import type { Document, MongoClient } from 'mongodb';
import { MongoClient as Client } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine, type RunningEngine } from '../../src/engine/index.ts';
import { Oplog } from '../../src/engine/embedded/replication/oplog.ts';

const change = { kind: 'insert', database: 'db', collection: 'things', uuid: undefined } as const;

describe('What a replica set remembers of its changes', () => {
  /** Adds so many changes; says how often older ones were let go of. */
  function fill(oplog: Oplog, count: number, after: Buffer): number {
    let trims = 0;
    for (let added = 0; added < count; added++) {
      const { start } = oplog;
      oplog.add({ ...change, after });
      if (oplog.start !== start) trims++;
      if (oplog.end - oplog.start > 60_000) throw new Error('it keeps more and more');
    }
    return trims;
  }

  test('keeps a certain number, the newest, and lets go of many at a time', () => {
    const oplog = new Oplog();
    const trims = fill(oplog, 120_000, Buffer.alloc(5));
    expect(oplog.end).toBe(120_000);
    expect(oplog.end - oplog.start).toBeGreaterThanOrEqual(50_000);
    expect(trims).toBeGreaterThan(0);
    // All that is kept is copied each time: at every change that would be as much work as there are changes, squared.
    expect(trims).toBeLessThan(20);
    expect(oplog.entry(oplog.start - 1)).toBeUndefined();
    const oldest = oplog.entry(oplog.start);
    expect(oldest && oplog.find(oldest.time)).toBe(oplog.start);
  });

  test('keeps so many bytes of documents', () => {
    const oplog = new Oplog();
    const trims = fill(oplog, 1000, Buffer.alloc(1024 * 1024));
    expect(oplog.end).toBe(1000);
    expect(oplog.end - oplog.start).toBeGreaterThan(50);
    expect(oplog.end - oplog.start).toBeLessThan(80);
    expect(trims).toBeLessThan(300);
  });

  describe('and change streams', () => {
    let server: RunningEngine;
    let client: MongoClient;
    beforeAll(async () => {
      server = await startEngine({ replset: true });
      client = await new Client(server.uri).connect();
    });
    afterAll(async () => {
      await client.close();
      await server.stop();
    });

    test('go on behind what is kept, and behind nothing else', async () => {
      const coll = client.db('shop').collection<Document>('things');
      await client.db('shop').createCollection('things');
      const stream = coll.watch();
      await stream.tryNext();
      await coll.insertOne({ n: 1 });
      const { _id: old } = await stream.next();
      await stream.close();
      for (let n = 0; n < 12; n++) await coll.insertOne({ n, text: 'x'.repeat(8 * 1024 * 1024) });
      const late = coll.watch([{ $project: { documentKey: 1 } }]);
      await late.tryNext();
      await coll.insertOne({ n: 2 });
      const { _id: recent } = await late.next();
      await late.close();
      await coll.insertOne({ n: 3 });

      for (const option of ['resumeAfter', 'startAfter']) {
        await expect(coll.watch([], { [option]: old }).next(), option).rejects.toMatchObject({ code: 286, errorLabels: ['NonResumableChangeStreamError'] });
      }
      const again = coll.watch([], { resumeAfter: recent });
      expect(await again.next()).toMatchObject({ fullDocument: { n: 3 } });
      await again.close();
    });
  });
});
