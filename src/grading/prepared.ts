import { mkdtempSync, realpathSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { startEngine } from '../engine/index.ts';
import type { CheckerFiles } from '../submission/checkers.ts';
import { bundled } from '../submission/bundled/bundled.ts';
import { compileSubmission, type CompileError } from '../submission/compile/compile.ts';
import { findPackage, foldersOf, linkPackages, type PackageSources } from '../submission/compile/packages.ts';
import { createPlaces, type Places } from '../submission/compile/places.ts';
import { closeRun, openRun } from '../submission/process/end.ts';
import { copySources, type Sources } from '../submission/sources.ts';
import { presentFile, startFile } from '../submission/start-file.ts';

/** A submission of one exercise, copied and compiled in a folder of its own. */
export interface Prepared {
  exercise: Exercise;
  /** The file that starts it: the exercise's entry, or the one that an editable JSON file names as its `start`. */
  start: string;
  /** Marks all processes of this run. */
  run: string;
  root: string;
  sources: Sources;
  errors: CompileError[];
  places: Places;
  hasProbe: boolean;
  /** Where the packages are that it imports, and what of these folders it must not see: this course itself. */
  packageFolders: { readable: string[]; hidden: string[] };
  /** Makes a folder with the compiled files, for one process; `files` are laid into it, or into `cwd` inside it. */
  folder(files: Record<string, string>, cwd?: string): Promise<string>;
  /** Ends what still runs and removes everything. */
  dispose(): Promise<void>;
}

/**
 * Copies and compiles a submission.
 * @param packages where its packages may come from besides the course; the course's own as bundles, where its process can read them
 */
export async function prepare(course: Course, exercise: Exercise, from: string, checker: CheckerFiles, packages: PackageSources & { bundles: boolean }): Promise<Prepared> {
  // At once, so that there is never a folder that nobody knows of, whenever this process ends.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mongo-course-')));
  const run = randomBytes(12).toString('hex');
  openRun(run, root);
  const dispose = (): Promise<void> => closeRun(run);
  try {
    const sources = await copySources(course, exercise, from, join(root, 'src'));
    const start = await startFile(exercise, sources.folder, sources.files);
    const main = presentFile(start, sources.files);
    const modules = [start, ...exercise.editable, ...exercise.given].filter((file) => isModule.test(file)).map((file) => presentFile(file, sources.files));
    // One per compiled file: the start comes first, so that a starter's server.ts gives way to a server.cjs that was written.
    const byOutput = new Map(modules.filter((file): file is string => file !== undefined).reverse().map((file) => [file.replace(isModule, ''), file]));
    const entries = [...byOutput.values()].reverse();
    const lacking = main === undefined ? [{ at: start, message: `There is no file ${start}. Put it back with: mongo-course reset ${exercise.id}` }] : [];
    const compiled = await compileSubmission({ root: sources.folder, entries, ...packages, courseRoot: course.root, ...(exercise.entryKind === 'server' && main !== undefined ? { main } : {}), ...(checker.probe ? { probe: checker.probe } : {}) });
    // The driver's classes are needed wherever a check passes an ObjectId, imported by the learner's code or not.
    const driver = findPackage('mongodb', packages, course.root);
    const linked = new Map([...(driver ? [['mongodb', driver] as const] : []), ...compiled.packages]);
    const shown = packages.bundles ? await bundled(linked, compiled.deep, course.root, startEngine) : linked;
    await linkPackages(root, shown);
    let count = 0;
    return {
      exercise, start, run, root, sources, errors: [...lacking, ...compiled.errors], hasProbe: checker.probe !== undefined, packageFolders: await foldersOf([...linked.values(), ...shown.values()], course.root),
      places: createPlaces(`${root}/run-`, compiled.outputs), dispose,
      folder: async (files, cwd = '') => {
        const folder = join(root, `run-${++count}`);
        await write(folder, compiled.outputs, sources);
        await mkdir(join(folder, cwd), { recursive: true });
        for (const [name, text] of Object.entries(files)) await writeFile(join(folder, cwd, name), text);
        return folder;
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const isModule = /\.[mc]?[jt]s$/;

async function write(folder: string, outputs: ReadonlyMap<string, Uint8Array>, sources: Sources): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [file, bytes] of outputs) {
    if (file.endsWith('.map')) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
  for (const file of sources.files) {
    if (/\.[mc]?[jt]s$/.test(file) || file === 'package.json') continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), await readFile(join(sources.folder, file)));
  }
}
