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
  const gradedDigest = await exerciseDigest(session.workbook, exercise.id);
  const { locateWorkbook } = await import('../submission/locate.ts');
  const result = await grader.grade({ submission: await locateWorkbook(session.workbook, session.course), exercises: [exercise], seed: chosen });
  const verdict = result.verdict.exercises.find((one) => one.id === exercise.id);
  if (!verdict) throw new Error(`the grader returned no verdict for ${exercise.id}`);
  const passed = verdict.status === 'passed';
  await saveRun(session.workbook, exercise.id, {
    at: new Date().toISOString(), seed: chosen, engine: grader.engine, verdict, trace: result.traces[exercise.id] ?? [],
  });
  const data = result.data?.[exercise.id];
  if (data) await saveData(session.workbook, exercise.id, 'check', data);
  await session.update((progress) => {
    const state = openedProgress(progress, exercise.id);
    state.attempts += 1;
    state.status = verdict.status;
    state.score = verdict.score;
    state.maxScore = verdict.maxScore;
    state.gradedDigest = gradedDigest;
    if (passed) {
      state.passedAt ??= new Date().toISOString();
      delete state.skippedAt;
      delete state.seed;
    } else {
      state.seed = chosen;
    }
  });
  return { result, verdict, firstPass: passed && before?.passedAt === undefined, seed: chosen };
}
