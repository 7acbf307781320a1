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

  test('others than the known ones, and other modes, are refused', async (context) => {
    await enabled(context);
    await expect(engine.client.db('admin').command({ configureFailPoint: 'failSometimes', mode: 'alwaysOn' })).rejects.toMatchObject({ code: 212 });
    await expect(configure('sometimes', failing)).rejects.toMatchObject({ code: 2 });
  });
});
