import { MongoClient } from 'mongodb';
import type { Exercise } from '../../course/types.ts';
import { UserError, exitCodes, type ExitCode } from '../../errors.ts';
import { startKeptEngine } from '../../engine/kept.ts';
import { findRunning, loadData, saveData, type DataKind } from '../../workbook/data.ts';
import { Keeper } from '../run/keep.ts';
import { databaseName } from '../run/run.ts';
import type { Session } from '../session.ts';
import { Shell } from './execute.ts';
import { prompt } from './prompt.ts';

/** A prompt on an exercise's data: of its `run`, under way or not, else of its last check. */
export async function startShell(session: Session, exercise: Exercise, only: DataKind | undefined): Promise<ExitCode> {
  const { workbook } = session;
  const running = only === 'check' ? undefined : await findRunning(workbook, exercise.id);
  if (running) return converse(session, running.uri, `the data of ${running.url}, which runs now`);
  const kept = only === 'check' ? undefined : await loadData(workbook, exercise.id, 'run');
  const snapshot = kept ?? (only === 'run' ? undefined : await loadData(workbook, exercise.id, 'check'));
  if (!snapshot) {
    const ways = [...(exercise.entryKind === 'server' ? [`npx mongo-course run ${exercise.id}`] : []), `npx mongo-course check ${exercise.id}`];
    throw new UserError(`${exercise.id} has no data yet.`, { wayOut: `Make some first: ${ways.join(', or ')}` });
  }
  const engine = await startKeptEngine({ snapshot });
  const keeper = kept && new Keeper(engine, kept, (bytes) => saveData(workbook, exercise.id, 'run', bytes), (error) => session.cli.terminal.note(`The data could not be written down: ${(error as Error).message}`));
  try {
    return await converse(session, `${engine.uri}${databaseName}`, kept ? 'the data of your last run; what you change stays' : 'what the last check left behind; what you change is forgotten');
  } finally {
    await keeper?.close();
    await engine.stop();
  }
}

async function converse(session: Session, uri: string, what: string): Promise<ExitCode> {
  const { cli, workbook } = session;
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    await client.connect();
    cli.terminal.note(`This is ${what}.`);
    cli.terminal.note(`For mongosh or Compass, while this is open: ${uri}`);
    if (cli.terminal.interactive) cli.terminal.note('help shows what can be typed.');
    const refused = await prompt(cli, new Shell(client, databaseName), workbook);
    return refused > 0 && !cli.terminal.interactive ? exitCodes.failed : exitCodes.ok;
  } finally {
    await client.close();
  }
}
