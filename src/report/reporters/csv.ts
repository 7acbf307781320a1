import type { SubmissionVerdict } from '../../verdict/types.ts';
import type { ReporterKind } from '../reporter.ts';
import { csvLine } from '../table.ts';

/** One row for each submission and, behind its total, the points of each exercise. The header comes with the first row. */
export const reporter: ReporterKind = {
  summary: 'a row for each submission, for a spreadsheet or a gradebook',
  create({ write }) {
    let exercises: string[] | undefined;
    const begin = (verdict?: SubmissionVerdict): string[] => {
      if (exercises) return exercises;
      exercises = verdict?.exercises.map((exercise) => exercise.id) ?? [];
      write(csvLine(['name', 'status', 'score', 'max_score', ...exercises, 'submitted_at', 'late_by', 'failed_checks', 'error', 'digest']));
      return exercises;
    };
    /** Rows that came before any exercise was seen: what could not be read. */
    const early: SubmissionVerdict[] = [];
    const row = (verdict: SubmissionVerdict, ids: readonly string[]): void => {
      const points = ids.map((id) => verdict.exercises.find((exercise) => exercise.id === id)?.score);
      const failed = verdict.exercises.flatMap((exercise) => exercise.checks.filter((check) => ['failed', 'timeout', 'errored'].includes(check.status)).map((check) => `${exercise.id}/${check.id}`));
      write(csvLine([verdict.name, verdict.status, verdict.score, verdict.maxScore, ...points, verdict.submittedAt, verdict.lateBy, failed.join(' '), verdict.error, verdict.digest]));
    };
    return {
      begin() {},
      submission(verdict) {
        if (!exercises && verdict.exercises.length === 0) {
          early.push(verdict);
          return;
        }
        const ids = begin(verdict);
        for (const one of early.splice(0)) row(one, ids);
        row(verdict, ids);
      },
      end() {
        const ids = begin();
        for (const one of early.splice(0)) row(one, ids);
      },
    };
  },
};
