import type { ReportEnd, ReportMeta } from '../../../src/report/index.ts';
import type { CheckVerdict, ExerciseVerdict, SubmissionVerdict } from '../../../src/verdict/types.ts';
import { scoreExercise, scoreSubmission } from '../../../src/verdict/score.ts';

/** A check's verdict with the fields a test cares about. */
export function check(fields: Partial<CheckVerdict> & { id: string }): CheckVerdict {
  const { status = 'passed', maxPoints = 2 } = fields;
  return { title: fields.id.replaceAll('-', ' '), status, maxPoints, points: status === 'errored' ? null : status === 'passed' ? maxPoints : 0, message: '', durationMs: 1, ...fields };
}

/** An exercise's verdict, scored from its checks. */
export function exercise(id: string, checks: CheckVerdict[], fields: Partial<ExerciseVerdict> = {}): ExerciseVerdict {
  return { id, title: 'Say hello', ...scoreExercise(checks), durationMs: 12, checkerDigest: 'c'.repeat(64), checks, ...fields };
}

/** A submission's verdict, scored from its exercises. */
export function submission(name: string, exercises: ExerciseVerdict[], fields: Partial<SubmissionVerdict> = {}): SubmissionVerdict {
  return { name, path: `/class/${name}`, digest: 'd'.repeat(64), ...scoreSubmission(exercises), exercises, ...fields };
}

export const meta: ReportMeta = {
  course: { name: 'mongo-course', version: '0.1.0' },
  engine: { kind: 'embedded', version: '8.2.0' },
  seed: 4711,
  sandbox: 'unsandboxed',
  platform: { os: 'linux', arch: 'x64', node: '20.20.2' },
  startedAt: '2026-11-24T09:00:00.000Z',
};

export const end: Pick<ReportEnd, 'gradedAt' | 'durationMs'> = { gradedAt: '2026-11-24T09:00:01.000Z', durationMs: 1000 };
