import { spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import type { Course, Exercise } from '../../course/types.ts';
import { UserError, exitCodes } from '../../errors.ts';
import { compileSubmission, type CompileError } from '../../submission/compile/compile.ts';
import { linkPackages } from '../../submission/compile/packages.ts';
import { killGroup, watchProcess } from '../../submission/process/end.ts';
import { presentFile, servedPath, startFile } from '../../submission/start-file.ts';
import { filesOf } from '../../workbook/exercises.ts';

/** A learner's program, compiled, ready to run from a folder of its own. */
export interface Compiled {
  folder: string;
  entry: string;
  /** The learner's file that it was made of, relative to the exercise. */
  source: string;
  /** The path of a URL at which it is worth looking at. */
  serves: string;
  dispose(): Promise<void>;
}

const isCode = (file: string): boolean => /\.[mc]?[jt]s$/.test(file);

/**
 * Compiles an exercise as it is in the workbook: the learner's own files, given ones included.
 * @throws UserError showing the line that does not compile
 */
export async function compileOwn(course: Course, exercise: Exercise, from: string): Promise<Compiled> {
  const files = await filesOf(from);
  const start = await startFile(exercise, from, files);
  const entry = presentFile(start, files);
  if (!entry) throw new UserError(`There is no file ${exercise.id}/${start}.`, { wayOut: `Put it back with: npx mongo-course reset ${exercise.id}` });
  const compiled = await compileSubmission({ root: from, entries: [entry], main: entry, learnerFolder: from, courseRoot: course.root });
  const [error] = compiled.errors;
  if (error) throw new UserError(sentence(exercise, error), { exitCode: exitCodes.failed, wayOut: error.excerpt ?? 'Mend it and run this again.' });
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-run-')));
  const root = await realpath(from);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [file, bytes] of compiled.outputs) {
    const to = join(folder, file);
    await mkdir(dirname(to), { recursive: true });
    // Stacks then name the learner's own lines.
    if (file.endsWith('.map')) await writeFile(to, ownSources(Buffer.from(bytes).toString(), root, file));
    else await writeFile(to, `${Buffer.from(bytes).toString()}\n//# sourceMappingURL=${file.split('/').at(-1)}.map\n`);
  }
  for (const file of files.filter((name) => !isCode(name))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(from, file), join(folder, file));
  }
  await linkPackages(folder, compiled.packages);
  return { folder, entry: entry.replace(/\.[mc]?[jt]s$/, '.js'), source: entry, serves: await servedPath(exercise, from, files), dispose: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) };
}

function sentence(exercise: Exercise, error: CompileError): string {
  return `${exercise.id} does not compile: ${error.at === '' ? '' : `${exercise.id}/${error.at}: `}${error.message}`;
}

function ownSources(map: string, root: string, file: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  return JSON.stringify({ ...parsed, sources: parsed.sources.map((source) => resolve(root, dirname(file), source)) });
}

/** Runs before the program, and ends it when we are gone, however we went: its end of this pipe closes then. */
const leash = `data:text/javascript,${encodeURIComponent("import { Socket } from 'node:net'; const end = () => process.exit(); new Socket({ fd: 3 }).on('error', end).on('close', end).unref().resume();")}`;

/** A learner's program at work; what it prints goes where we print. */
export interface Program {
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  /** Asks it to end, as a platform would; after three seconds it is ended. */
  stop(): Promise<void>;
}

export function startProgram(compiled: Compiled, options: { cwd: string; env: NodeJS.ProcessEnv; print: (text: string) => void }): Program {
  const entry = join(compiled.folder, compiled.entry);
  const child = spawn(process.execPath, ['--enable-source-maps', `--import=${leash}`, entry], {
    cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true,
  });
  watchProcess(child);
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => options.print(text.replaceAll(`${compiled.folder}/`, '')));
  }
  const exited = new Promise<{ code: number | null; signal: string | null }>((done) => {
    child.once('close', (code, signal) => done({ code, signal }));
    child.once('error', () => done({ code: null, signal: null }));
  });
  return { exited, stop: () => stop(child, exited) };
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    killGroup(child, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child), 3000);
    await exited;
    clearTimeout(timer);
  }
  killGroup(child);
}

/** A path as the person would type it. */
export const shortPath = (cwd: string, path: string): string => relative(cwd, path) || '.';
