import { randomInt } from 'node:crypto';
import type { Exercise } from '../course/types.ts';
import type { Grader, GradeResult } from '../grading/index.ts';
import { exerciseDigest } from '../workbook/exercises.ts';
import { saveData } from '../workbook/data.ts';
import { saveRun } from '../workbook/runs.ts';
import type { ExerciseVerdict } from '../verdict/types.ts';
import { openedProgress, type Session } from './session.ts';

/** A seed that is easy to read out: six digits at most. */
export function freshSeed(): number {
  return randomInt(1, 1_000_000);
}

/**
 * Grades one exercise of the learner's workbook and remembers the outcome: progress, the run for `trace`, and the seed,
 * which stays the same until the exercise passes.
 */
export async function practise(session: Session, grader: Grader, exercise: Exercise, seed?: number): Promise<{ result: GradeResult; verdict: ExerciseVerdict; firstPass: boolean; seed: number }> {
  const before = session.progress.exercises[exercise.id];
  const chosen = seed ?? before?.seed ?? freshSeed();
  const result = await practiseTogether(session, grader, [exercise], chosen);
  const verdict = result.verdict.exercises.find((one) => one.id === exercise.id);
  if (!verdict) throw new Error(`the grader returned no verdict for ${exercise.id}`);
  return { result, verdict, firstPass: verdict.status === 'passed' && before?.passedAt === undefined, seed: chosen };
}

/** The same for several exercises, with one seed, as one submission. */
export async function practiseTogether(session: Session, grader: Grader, exercises: readonly Exercise[], seed: number, atOnce = 1): Promise<GradeResult> {
  const { locateWorkbook } = await import('../submission/locate.ts');
  const submission = await locateWorkbook(session.workbook, session.course);
  const digests = new Map<string, string>();
  for (const { id } of exercises) digests.set(id, await exerciseDigest(session.workbook, id));
  const result = await grader.grade({ submission, exercises: [...exercises], seed, atOnce });
  for (const verdict of result.verdict.exercises) {
    // Of a whole workbook, what was never opened is no try.
    if (verdict.status === 'missing' && exercises.length > 1) continue;
    await remember(session, grader, result, verdict, seed, digests.get(verdict.id) ?? '');
  }
  return result;
}

async function remember(session: Session, grader: Grader, { traces, data }: GradeResult, verdict: ExerciseVerdict, seed: number, gradedDigest: string): Promise<void> {
  const { id } = verdict;
  await saveRun(session.workbook, id, { at: new Date().toISOString(), seed, engine: grader.engine, verdict, trace: traces[id] ?? [] });
  const stored = data?.[id];
  if (stored) await saveData(session.workbook, id, 'check', stored);
  await session.update((progress) => {
    const state = openedProgress(progress, id);
    state.attempts += 1;
    state.status = verdict.status;
    state.score = verdict.score;
    state.maxScore = verdict.maxScore;
    state.gradedDigest = gradedDigest;
    if (verdict.status === 'passed') {
      state.passedAt ??= new Date().toISOString();
      delete state.skippedAt;
      delete state.seed;
    } else {
      state.seed = seed;
    }
  });
}
