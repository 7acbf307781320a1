import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Exercise } from '../../course/types.ts';
import { UserError, exitCodes, type ExitCode } from '../../errors.ts';
import { startKeptEngine } from '../../engine/kept.ts';
import { waitForServer } from '../../submission/http.ts';
import { findRunning, forgetData, loadData, noteRunning, saveData, sqlFile } from '../../workbook/data.ts';
import type { Session } from '../session.ts';
import { Keeper } from './keep.ts';
import { compileOwn, shortPath, startProgram, type Compiled } from './program.ts';

export interface RunOptions {
  port?: number;
  fresh?: boolean;
}

/** The database of `run` and `shell`, the exercises' default. */
export const databaseName = 'my_node_mongo_db';
const firstPort = 3000;

/** Starts the learner's server on an engine whose data stays, until Ctrl-C. */
export async function runExercise(session: Session, exercise: Exercise, options: RunOptions): Promise<ExitCode> {
  const { cli, workbook, course } = session;
  const folder = join(workbook, exercise.id);
  const other = await findRunning(workbook, exercise.id);
  if (other) throw new UserError(`${exercise.id} is running already, at ${other.url}`, { wayOut: 'Stop it there first, with Ctrl-C.' });
  const compiled = await compileOwn(course, exercise, folder);
  try {
    if (options.fresh) await forgetData(workbook, exercise.id);
    const before = await loadData(workbook, exercise.id, 'run');
    const engine = await startKeptEngine({ snapshot: before });
    const keeper = new Keeper(engine, before, (snapshot) => saveData(workbook, exercise.id, 'run', snapshot), (error) => cli.terminal.note(`The data could not be written down: ${(error as Error).message}`));
    try {
      const port = await choosePort(options.port);
      const url = `http://127.0.0.1:${port}${compiled.serves}`;
      await noteRunning(workbook, exercise.id, { pid: process.pid, uri: `${engine.uri}${databaseName}`, url });
      return await serve(session, exercise, compiled, { port, url, uri: engine.uri, kept: before !== undefined });
    } finally {
      await noteRunning(workbook, exercise.id, undefined);
      await keeper.close();
      await engine.stop();
    }
  } finally {
    await compiled.dispose();
  }
}

async function serve(session: Session, exercise: Exercise, compiled: Compiled, at: { port: number; url: string; uri: string; kept: boolean }): Promise<ExitCode> {
  const { cli, workbook } = session;
  const { terminal } = cli;
  const program = startProgram(compiled, {
    cwd: join(workbook, exercise.id), print: (text) => void terminal.stdout.write(text),
    env: { ...process.env, MONGO_URI: at.uri, MONGO_DB_NAME: databaseName, SQL_FILE: sqlFile(workbook, exercise.id), PORT: String(at.port) },
  });
  const stopped = new Promise<'stopped'>((done) => {
    if (cli.signal.aborted) done('stopped');
    cli.signal.addEventListener('abort', () => done('stopped'), { once: true });
  });
  let ended = false;
  void program.exited.finally(() => (ended = true));
  if (await waitForServer({ port: at.port }, 10_000, Promise.race([program.exited, stopped]))) introduce(session, exercise, at);
  else if (!cli.signal.aborted && !ended) terminal.note(`Nothing listens on port ${at.port} yet. Your server should listen on Number(process.env.PORT), host 127.0.0.1.`);
  const outcome = await Promise.race([program.exited, stopped]);
  await program.stop();
  if (outcome === 'stopped') {
    terminal.note(`\nStopped. The data stays for the next run; npx mongo-course run ${exercise.id} --fresh begins without it.`);
    return exitCodes.ok;
  }
  const file = shortPath(cli.cwd, join(workbook, exercise.id, compiled.source));
  terminal.note(outcome.code === 0 ? `${file} has ended by itself.` : `${file} has ended with ${outcome.signal ?? `exit code ${outcome.code}`}.`);
  return outcome.code === 0 ? exitCodes.ok : exitCodes.failed;
}

function introduce({ cli }: Session, exercise: Exercise, at: { url: string; uri: string; kept: boolean }): void {
  const { terminal } = cli;
  const { color } = terminal;
  terminal.print(`Your server    ${color.cyan.underline(at.url)}`);
  terminal.print(`Try it         curl ${at.url}`);
  terminal.print(`Its database   ${at.uri}${databaseName}  (mongosh, Compass)`);
  terminal.print(`Look into it   npx mongo-course shell ${exercise.id.slice(0, 2)}  (in another terminal)`);
  terminal.note(`${at.kept ? 'The data of the last run is there. ' : ''}Ctrl-C stops it.`);
}

/** The port asked for, else 3000 or the next one that is free. */
async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw new UserError(`Port ${wanted} is taken.`, { wayOut: 'Leave --port out, or name another one.', exitCode: exitCodes.environment });
  }
  for (let port = firstPort; port < firstPort + 100; port++) if (await isFree(port)) return port;
  throw new UserError('No port from 3000 to 3099 is free.', { wayOut: 'Name one with --port.', exitCode: exitCodes.environment });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)));
  });
}
