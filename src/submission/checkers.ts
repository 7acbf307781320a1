import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Course, Exercise } from '../course/types.ts';
import { compileTrusted } from './compile/compile.ts';

/** An exercise's checker, ready to import, and its probe, ready to compile with a submission. */
export interface CheckerFiles {
  /** The checker module's exports. */
  exports: Record<string, unknown>;
  /** Compiled probe, one JavaScript file, where the exercise has one. */
  probe: string | undefined;
  /** SHA-256, hex, of the checker's and probe's sources. */
  digest: string;
}

const digestLine = '// sources: ';

/** Writes `dist/exercises/NN-slug/{check,probe}.js`, each with its sources' digest in the first line. */
export async function buildCheckers(course: Course): Promise<void> {
  for (const exercise of course.exercises) {
    const digest = await sourcesDigest(course, exercise);
    for (const name of ['check', 'probe'] as const) {
      const source = sourceOf(course, exercise, name);
      if (!existsSync(source)) continue;
      const target = join(course.root, 'dist', 'exercises', exercise.id, `${name}.js`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, `${digestLine}${digest}\n${await compileTrusted(source)}`);
    }
  }
}

const loaded = new Map<string, CheckerFiles>();

/** Loads an exercise's checker: the compiled one while its sources are the same, else compiled at once. */
export async function loadChecker(course: Course, exercise: Exercise): Promise<CheckerFiles> {
  const digest = await sourcesDigest(course, exercise);
  const key = `${course.root}\0${exercise.id}\0${digest}`;
  const known = loaded.get(key);
  if (known) return known;
  const files: CheckerFiles = { exports: await importChecker(course, exercise, digest), probe: await probeFile(course, exercise, digest), digest };
  loaded.set(key, files);
  return files;
}

async function importChecker(course: Course, exercise: Exercise, digest: string): Promise<Record<string, unknown>> {
  const compiled = await upToDate(course, exercise, 'check', digest);
  if (compiled && resolve(course.root) === ownRoot()) return (await import(pathToFileURL(compiled).href)) as Record<string, unknown>;
  const code = await compileTrusted(sourceOf(course, exercise, 'check'), { rewrite: ownModule, map: true });
  // A folder that is ours alone: a submission that runs meanwhile, as another user, must neither read it nor have laid it there.
  const folder = await mkdtemp(join(tmpdir(), `mongo-course-check-${exercise.id}-`));
  try {
    const file = join(folder, 'check.mjs');
    await writeFile(file, code);
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A probe as one JavaScript file; without a compiled one, its source, which compiles with the submission. */
async function probeFile(course: Course, exercise: Exercise, digest: string): Promise<string | undefined> {
  const compiled = await upToDate(course, exercise, 'probe', digest);
  if (compiled) return compiled;
  const source = sourceOf(course, exercise, 'probe');
  return existsSync(source) ? source : undefined;
}

async function upToDate(course: Course, exercise: Exercise, name: string, digest: string): Promise<string | undefined> {
  const file = join(course.root, 'dist', 'exercises', exercise.id, `${name}.js`);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text?.startsWith(`${digestLine}${digest}\n`) ? file : undefined;
}

const sourceOf = (course: Course, exercise: Exercise, name: string): string => join(course.root, 'exercises', exercise.id, `${name}.ts`);

const ownRoot = (): string => resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** `mongo-course/checker` of the running copy: beside this file compiled, or in `dist/`. */
function ownModule(specifier: string): string {
  const name = specifier.replace('mongo-course/', '');
  const beside = fileURLToPath(new URL(`../${name}/index.js`, import.meta.url));
  return pathToFileURL(existsSync(beside) ? beside : join(ownRoot(), 'dist', name, 'index.js')).href;
}

/** What a verdict depends on besides the submission: check.ts, checks/, probe.ts and the files beside them. */
async function sourcesDigest(course: Course, exercise: Exercise): Promise<string> {
  const root = join(course.root, 'exercises', exercise.id);
  const hash = createHash('sha256');
  const names = (await readdir(root)).filter((name) => name.endsWith('.ts')).sort();
  const inner = existsSync(join(root, 'checks')) ? (await readdir(join(root, 'checks'))).sort().map((name) => join('checks', name)) : [];
  for (const name of [...names, ...inner]) hash.update(`${name}\0`).update(await readFile(join(root, name)));
  return hash.digest('hex');
}
