import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic.ts';
import { stateFolder } from './state-folder.ts';

/** Which data: what a learner's running server has collected, or what the last check left behind. */
export type DataKind = 'run' | 'check';

const file = (workbook: string, exercise: string, ending: string): string => join(workbook, stateFolder, 'data', `${exercise}.${ending}`);

/** The file that an exercise's relational store is kept in between two `run`s. */
export const sqlFile = (workbook: string, exercise: string): string => file(workbook, exercise, 'sqlite');

/** A snapshot of an engine's data, or undefined where there is none. */
export function loadData(workbook: string, exercise: string, kind: DataKind): Promise<Buffer | undefined> {
  return readFile(file(workbook, exercise, `${kind}.bson`)).catch(missing);
}

export function saveData(workbook: string, exercise: string, kind: DataKind, snapshot: Uint8Array): Promise<void> {
  return writeFileAtomic(file(workbook, exercise, `${kind}.bson`), snapshot);
}

/** Forgets what `run` kept. */
export async function forgetData(workbook: string, exercise: string): Promise<void> {
  for (const ending of ['run.bson', 'sqlite']) await rm(file(workbook, exercise, ending), { force: true });
}

/** A `run` that is under way. */
export interface Running {
  pid: number;
  /** Of its database. */
  uri: string;
  /** Of its server. */
  url: string;
}

export async function noteRunning(workbook: string, exercise: string, running: Running | undefined): Promise<void> {
  const path = file(workbook, exercise, 'running.json');
  if (running) await writeFileAtomic(path, `${JSON.stringify(running)}\n`);
  else await rm(path, { force: true });
}

/** The `run` of an exercise that is alive, or undefined. */
export async function findRunning(workbook: string, exercise: string): Promise<Running | undefined> {
  const text = await readFile(file(workbook, exercise, 'running.json'), 'utf8').catch(missing);
  if (text === undefined) return undefined;
  try {
    const running = JSON.parse(text) as Running;
    process.kill(running.pid, 0);
    // Its process id may be somebody else's by now: in containers they begin anew.
    return (await isListening(Number(new URL(running.uri).port))) ? running : undefined;
  } catch (error) {
    // Ended without tidying up, or half a file.
    if (error instanceof SyntaxError || error instanceof TypeError || ['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (listens: boolean) => (): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).setTimeout(1000, answer(false));
  });
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
