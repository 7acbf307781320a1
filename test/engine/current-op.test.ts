import { MongoClient, type Document } from 'mongodb';
import { describe, expect, it, test } from 'vitest';
import { startEngine } from '../../src/engine/index.ts';
import { onEngines } from './on-engines.ts';

/** Waits until `found` gives something. */
async function eventually<T>(found: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('it never came');
}

onEngines('Operations in progress', (engine) => {
  const inProgress = async (command: Document = {}): Promise<Document[]> => (await engine.client.db('admin').command({ currentOp: 1, ...command }))['inprog'] as Document[];
  /** A tailable cursor that waits for a second for what nobody writes. */
  const waiting = async (): Promise<{ over: Promise<unknown>; ns: string }> => {
    const other = await engine.connect({ appName: 'patient' });
    const coll = await engine.freshDb().createCollection('log', { capped: true, size: 4096 });
    await coll.insertOne({ n: 1 });
    const cursor = other.db(coll.dbName).collection('log').find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 3000, comment: 'tail' });
    await cursor.next();
    const over = cursor.tryNext().then(() => cursor.close());
    return { over, ns: coll.namespace };
  };

  test('what asks is in progress itself', async () => {
    const [self] = await inProgress({ 'command.currentOp': 1 });
    expect(self).toMatchObject({ type: 'op', active: true, op: 'command', ns: 'admin.$cmd', command: { currentOp: 1, $db: 'admin' } });
    expect(self?.['opid']).toBeTypeOf('number');
    expect(Number(self?.['microsecs_running'])).toBeGreaterThanOrEqual(0);
  });

  test('a command that waits is seen by others while it does, with who sent it', async () => {
    const { over, ns } = await waiting();
    const seen = await eventually(async () => (await inProgress({ ns, op: 'getmore' }))[0]);
    expect(seen).toMatchObject({ active: true, appName: 'patient', command: { collection: 'log' } });
    const [staged] = await engine.client.db('admin').aggregate([{ $currentOp: { allUsers: true } }, { $match: { ns } }]).toArray();
    expect(staged).toMatchObject({ opid: seen['opid'] as number, connectionId: seen['connectionId'] as number });
    await over;
    expect(await inProgress({ ns })).toEqual([]);
  });

  test('connections that do nothing are shown where all are asked for', async () => {
    const idle = await engine.connect({ appName: 'idle' });
    await idle.db('admin').command({ ping: 1 });
    expect(await inProgress({ appName: 'idle', active: false })).toEqual([]);
    expect((await inProgress({ $all: true, appName: 'idle', active: false })).length).toBeGreaterThan(0);
  });

  test('it is asked of admin, with conditions that are some', async () => {
    await expect(engine.client.db('test').command({ currentOp: 1 })).rejects.toMatchObject({ code: 13 });
    await expect(inProgress({ op: { $nothing: 1 } })).rejects.toMatchObject({ code: 2 });
  });
});

describe('Operations of others', () => {
  it('are seen by those whose role lets them, and a password by nobody', async () => {
    const server = await startEngine({ auth: { user: 'root', password: 'secret' } });
    const clientOf = (who: string, source: string): Promise<MongoClient> => MongoClient.connect(server.uri.replace('//', `//${who}@`) + `?authSource=${source}`, { monitorCommands: true });
    const root = await clientOf('root:secret', 'admin');
    try {
      await root.db('shop').command({ createUser: 'clerk', pwd: 'c', roles: ['readWrite'] });
      const clerk = await clientOf('clerk:c', 'shop');
      try {
        await expect(clerk.db('admin').command({ currentOp: 1 })).rejects.toMatchObject({ code: 13 });
        const { inprog } = await clerk.db('admin').command({ currentOp: 1, $ownOps: true, $all: true });
        expect((inprog as Document[]).flatMap((operation) => (operation['effectiveUsers'] ?? []) as Document[]).every(({ user }) => user === 'clerk')).toBe(true);
        expect(inprog).not.toHaveLength(0);
        await root.db('admin').command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data: { failCommands: ['createUser'], blockConnection: true, blockTimeMS: 1500 } });
        const made = root.db('shop').command({ createUser: 'other', pwd: 'word', roles: [] });
        const other = await clientOf('root:secret', 'admin');
        const seen = await eventually(async () => ((await other.db('admin').command({ currentOp: 1, 'command.createUser': { $exists: true } }))['inprog'] as Document[])[0]);
        expect(JSON.stringify(seen)).not.toContain('word');
        await made;
        await other.close();
      } finally {
        await clerk.close();
      }
    } finally {
      await root.close();
      await server.stop();
    }
  });
});
