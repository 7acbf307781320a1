import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow, foldersOf } from './files.ts';
import type { Problem } from './problems.ts';
import { contractSchema, mistakeSchema, variantSchema } from './schemas.ts';
import type { Exercise } from './types.ts';
import { readYaml } from './yaml.ts';

/** A wrong submission: the solution with some files replaced, and the checks that must fail. */
export interface Mistake {
  name: string;
  why: string;
  /** Exactly the checks that fail, those skipped behind them apart; sorted. */
  fails: string[];
  /** Absolute folder. */
  folder: string;
  /** Files in it that replace the solution's, relative. */
  files: string[];
}

/** A right submission of another make: the solution with some files replaced. */
export interface Variant {
  name: string;
  why?: string;
  folder: string;
  files: string[];
}

/** Checks that an exercise's folder and its solution hold what its data names, and nothing that belongs to nothing. */
export async function checkExerciseFolder(root: string, exercise: Exercise, problems: Problem[]): Promise<void> {
  const folder = join(root, 'exercises', exercise.id);
  const yaml = `exercises/${exercise.id}/exercise.yaml`;
  const [own, solution] = await Promise.all([filesBelow(folder), filesBelow(join(root, 'solutions', exercise.id))]);
  const starter = own.filter((file) => file.startsWith('starter/')).map((file) => file.slice('starter/'.length));
  const known = [...exercise.editable, ...exercise.given];
  for (const field of ['editable', 'given'] as const) {
    for (const [index, file] of exercise[field].entries()) {
      if (!starter.includes(file)) problems.push({ file: yaml, field: `${field}[${index}]`, message: `there is no exercises/${exercise.id}/starter/${file}` });
    }
  }
  for (const [index, file] of exercise.given.entries()) {
    if (exercise.editable.includes(file)) problems.push({ file: yaml, field: `given[${index}]`, message: `${file} is editable too; it can be only one of them` });
  }
  for (const file of starter) {
    if (!known.includes(file)) problems.push({ file: `exercises/${exercise.id}/starter/${file}`, message: 'is neither editable nor given in exercise.yaml' });
  }
  if (!known.includes(exercise.entry)) problems.push({ file: yaml, field: 'entry', message: `${exercise.entry} is neither editable nor given` });
  for (const file of exercise.editable) {
    if (!solution.includes(file)) problems.push({ file: `solutions/${exercise.id}/${file}`, message: 'is missing: a solution has every editable file' });
  }
  for (const [index, id] of exercise.bonus.entries()) {
    if (!(id in exercise.points)) problems.push({ file: yaml, field: `bonus[${index}]`, message: `there is no check "${id}" under points` });
  }
  if (!own.includes('task.md')) problems.push({ file: `exercises/${exercise.id}/task.md`, message: 'is missing' });
  if (!own.some((file) => file === 'check.ts' || /^checks\/[^/]+\.ts$/.test(file))) {
    problems.push({ file: `exercises/${exercise.id}/check.ts`, message: 'is missing: an exercise has check.ts or checks/*.ts' });
  }
  if (!Object.values(exercise.points).some((points) => points > 0)) problems.push({ file: yaml, field: 'points', message: 'no check gives a point' });
  await readContract(root, exercise, problems);
  await readMistakes(root, exercise, problems);
  await readVariants(root, exercise, problems);
}

/** A rule of an exercise's contract, and the checks behind it. */
export interface Rule {
  rule: string;
  checks: string[];
}

/** The rules of `contract.yaml`, none where there is no such file. */
export async function readContract(root: string, exercise: Exercise, problems: Problem[]): Promise<Rule[]> {
  const file = `exercises/${exercise.id}/contract.yaml`;
  const text = await readOptional(join(root, file));
  const data = text === undefined ? undefined : readYaml({ file, text }, contractSchema, problems);
  if (!data) return [];
  const rules = Object.entries(data).map(([rule, checks]): Rule => ({ rule, checks }));
  for (const { rule, checks } of rules) {
    for (const id of checks) if (!(id in exercise.points)) problems.push({ file, message: `"${rule}" names the check ${id}, which is not under points in exercise.yaml` });
  }
  return rules;
}

/** The mistakes of an exercise; what is wrong with them goes to `problems`. */
export async function readMistakes(root: string, exercise: Exercise, problems: Problem[]): Promise<Mistake[]> {
  const found: Mistake[] = [];
  for (const name of await foldersOf(join(root, 'exercises', exercise.id, 'mistakes'))) {
    const within = `exercises/${exercise.id}/mistakes/${name}`;
    const folder = join(root, within);
    const files = await replacements(root, exercise, within, 'expect.yaml', problems);
    const text = await readOptional(join(folder, 'expect.yaml'));
    if (text === undefined) {
      problems.push({ file: `${within}/expect.yaml`, message: 'is missing: it names the checks that fail, and why' });
      continue;
    }
    const data = readYaml({ file: `${within}/expect.yaml`, text }, mistakeSchema, problems);
    if (!data) continue;
    for (const [index, id] of data.fails.entries()) {
      if (id !== 'compiles' && !(id in exercise.points)) {
        problems.push({ file: `${within}/expect.yaml`, field: `fails[${index}]`, message: `there is no check "${id}" under points in exercise.yaml` });
      }
    }
    found.push({ name, why: data.why, fails: [...data.fails].sort(), folder, files });
  }
  return found;
}

/** The variants of an exercise; what is wrong with them goes to `problems`. */
export async function readVariants(root: string, exercise: Exercise, problems: Problem[]): Promise<Variant[]> {
  const found: Variant[] = [];
  for (const name of await foldersOf(join(root, 'exercises', exercise.id, 'variants'))) {
    const within = `exercises/${exercise.id}/variants/${name}`;
    const folder = join(root, within);
    const files = await replacements(root, exercise, within, 'variant.yaml', problems);
    const text = await readOptional(join(folder, 'variant.yaml'));
    const data = text === undefined ? undefined : readYaml({ file: `${within}/variant.yaml`, text }, variantSchema, problems);
    found.push({ name, ...(data ? { why: data.why } : {}), folder, files });
  }
  return found;
}

async function replacements(root: string, exercise: Exercise, within: string, data: string, problems: Problem[]): Promise<string[]> {
  const files = (await filesBelow(join(root, within))).filter((file) => file !== data);
  if (files.length === 0) problems.push({ file: within, message: 'has no file that differs from the solution' });
  for (const file of files) {
    if (exercise.given.includes(file)) problems.push({ file: `${within}/${file}`, message: 'is a given file: those always come from the course' });
  }
  return files;
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
