import { MongoClient } from 'mongodb';
import { expect, test, type TestContext } from 'vitest';
import { onEngines } from './on-engines.ts';

/** A real server has fail points only where it was started for tests: `--setParameter enableTestCommands=1`. */
onEngines('Fail points', (engine) => {
  const configure = (mode: unknown, data: object = {}) => engine.client.db('admin').command({ configureFailPoint: 'failCommand', mode, data });
  /** Goes on where the server has fail points. */
  const enabled = async (context: TestContext): Promise<void> => {
    const refused = await configure('off').then(() => false, (error: { code: number }) => error.code === 59);
    context.skip(refused, 'the server was not started for tests');
  };
  const failing = { failCommands: ['count'], errorCode: 8 };

  test('fail as often as they are told, after as many as they are to let pass, and say how often they were come to', async (context) => {
    await enabled(context);
    const db = engine.freshDb();
    const outcomes = async (times: number) => {
      const seen: boolean[] = [];
      for (let run = 0; run < times; run++) seen.push(await db.command({ count: 'things' }).then(() => true, (error: { code: number }) => error.code !== 8));
      return seen;
    };
    await configure({ times: 2 }, failing);
    expect(await outcomes(3)).toEqual([false, false, true]);
    await configure({ skip: 1 }, failing);
    expect(await outcomes(3)).toEqual([true, false, false]);
    await configure({ activationProbability: 1 }, failing);
    expect(await outcomes(2)).toEqual([false, false]);
    expect(await configure('off')).toMatchObject({ count: 2 });
    expect(await outcomes(1)).toEqual([true]);
  });

  test('hit a handshake too, by the name that its application gives, and a command by any of its names', async (context) => {
    await enabled(context);
    const ping = async (appName: string) => {
      const client = new MongoClient(engine.uri, { appName, serverSelectionTimeoutMS: 300 });
      return client.db('admin').command({ ping: 1 }).then(() => true, () => false).finally(() => client.close());
    };
    await configure('alwaysOn', { failCommands: ['isMaster', 'hello'], errorCode: 91, appName: 'unlucky' });
    expect(await Promise.all([ping('unlucky'), ping('lucky')])).toEqual([false, true]);
    await configure('alwaysOn', { failCommands: ['findAndModify'], errorCode: 8 });
    await expect(engine.freshDb().command({ findandmodify: 'things', remove: true })).rejects.toMatchObject({ code: 8 });
    await configure('off');
  });

  test('a time limit can be over at once, or never', async (context) => {
    await enabled(context);
    const db = engine.freshDb();
    const coll = db.collection('things');
    await coll.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const set = (name: string, mode: unknown) => engine.client.db('admin').command({ configureFailPoint: name, mode });
    const timed = coll.find({}, { batchSize: 2, maxTimeMS: 60_000 });
    const untimed = coll.find({}, { batchSize: 2 });
    await Promise.all([timed.next(), untimed.next()]);
    await set('maxTimeAlwaysTimeOut', 'alwaysOn');
    try {
      await expect(db.command({ ping: 1, maxTimeMS: 60_000 })).rejects.toMatchObject({ code: 50 });
      await expect(coll.find({}, { maxTimeMS: 60_000 }).toArray()).rejects.toMatchObject({ code: 50 });
      await expect(timed.toArray()).rejects.toMatchObject({ code: 50 });
      expect(await untimed.toArray()).toHaveLength(9);
      expect(await db.command({ ping: 1, maxTimeMS: 0 })).toMatchObject({ ok: 1 });
    } finally {
      await set('maxTimeAlwaysTimeOut', 'off');
    }
    const slow = (): Promise<unknown> => coll.aggregate([{ $lookup: { from: 'things', pipeline: [{ $lookup: { from: 'things', pipeline: [{ $lookup: { from: 'things', pipeline: [], as: 'a' } }], as: 'b' } }], as: 'c' } }, { $count: 'n' }], { maxTimeMS: 1 }).toArray();
    await set('maxTimeNeverTimeOut', 'alwaysOn');
    try {
      expect(await slow()).toEqual([{ n: 10 }]);
    } finally {
      await set('maxTimeNeverTimeOut', 'off');
    }
  });

  test('others than the known ones, and other modes, are refused', async (context) => {
    await enabled(context);
    await expect(engine.client.db('admin').command({ configureFailPoint: 'failSometimes', mode: 'alwaysOn' })).rejects.toMatchObject({ code: 212 });
    await expect(configure('sometimes', failing)).rejects.toMatchObject({ code: 2 });
  });
});
