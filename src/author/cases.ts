import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readMistakes, readVariants, type Mistake, type Variant } from '../course/exercise-folder.ts';
import { courseError, type Problem } from '../course/problems.ts';
import type { Course, Exercise } from '../course/types.ts';
import type { Submission } from '../submission/types.ts';

export type CaseKind = 'solution' | 'starter' | 'variant' | 'mistake';

/** A submission whose verdict is known beforehand. */
export interface Case {
  kind: CaseKind;
  exercise: Exercise;
  /** The mistake's or variant's folder; else the kind. */
  name: string;
  /** For a mistake: exactly the checks that fail. */
  fails: readonly string[];
  /** Files of its own, for mistakes and variants. */
  from?: { folder: string; files: readonly string[] };
}

/**
 * An exercise's cases: solution, starter, variants, mistakes.
 * @throws UserError where their data is wrong
 */
export async function casesOf(course: Course, exercise: Exercise): Promise<Case[]> {
  const problems: Problem[] = [];
  const variants = await readVariants(course.root, exercise, problems);
  const mistakes = await readMistakes(course.root, exercise, problems);
  if (problems.length > 0) throw courseError(course.root, problems);
  const replaced = (kind: CaseKind, { name, folder, files }: Mistake | Variant, fails: readonly string[]): Case => ({ kind, exercise, name, fails, from: { folder, files } });
  return [
    { kind: 'solution', exercise, name: 'solution', fails: [] },
    { kind: 'starter', exercise, name: 'starter', fails: [] },
    ...variants.map((variant) => replaced('variant', variant, [])),
    ...mistakes.map((mistake) => replaced('mistake', mistake, mistake.fails)),
  ];
}

/** Writes a case into `folder` as a workbook with one exercise, ready to be graded. */
export async function assemble(course: Course, one: Case, folder: string): Promise<Submission> {
  const { exercise } = one;
  const target = join(folder, exercise.id);
  const starter = join(course.root, 'exercises', exercise.id, 'starter');
  await mkdir(target, { recursive: true });
  if (one.kind === 'starter') {
    await cp(starter, target, { recursive: true });
  } else {
    await cp(join(course.root, 'solutions', exercise.id), target, { recursive: true });
    for (const file of exercise.given) await place(join(starter, file), join(target, file));
    for (const file of one.from?.files ?? []) {
      await rm(join(target, twin(file)), { force: true });
      await place(join(one.from?.folder ?? '', file), join(target, file));
    }
  }
  return { name: one.name, path: folder, exercises: new Map([[exercise.id, target]]) };
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

/** `x.js` of `x.ts`, and the other way: one of them stands for both. */
function twin(file: string): string {
  if (file.endsWith('.ts')) return file.replace(/ts$/, 'js');
  return file.endsWith('.js') ? file.replace(/js$/, 'ts') : `${file}.none`;
}
