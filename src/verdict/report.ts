import type { Cause, Report, SubmissionVerdict } from './types.ts';

/** What a report knows before the first submission. */
export type ReportMeta = Pick<Report, 'course' | 'engine' | 'seed' | 'sandbox' | 'platform' | 'startedAt'>;

/** What it knows after the last one. */
export type ReportEnd = Pick<Report, 'gradedAt' | 'durationMs' | 'totals' | 'causes'>;

/** Adds submissions up one at a time, so that none has to be kept. */
export interface Tally {
  add(verdict: SubmissionVerdict): void;
  totals(): Report['totals'];
  /** Most frequent first. */
  causes(): Cause[];
}

/** A tally of nothing yet. */
export function createTally(): Tally {
  const totals = { submissions: 0, passed: 0, failed: 0, errored: 0, unreadable: 0, score: 0, maxScore: 0 };
  const causes = new Map<string, Cause>();
  return {
    add(verdict) {
      totals.submissions += 1;
      totals[outcome(verdict)] += 1;
      totals.score += verdict.score;
      totals.maxScore += verdict.maxScore;
      addCauses(causes, verdict);
    },
    totals: () => ({ ...totals }),
    causes: () => [...causes.values()].sort((a, b) => b.submissions.length - a.submissions.length || compare(a.check, b.check) || compare(a.cause, b.cause)),
  };
}

/** A timeout and a missing submission count as failed. */
function outcome(verdict: SubmissionVerdict): 'passed' | 'failed' | 'errored' | 'unreadable' {
  const { status } = verdict;
  return status === 'passed' || status === 'errored' || status === 'unreadable' ? status : 'failed';
}

/** One entry for each check and cause, in the form `exercise/check`; a submission is named once in each. */
function addCauses(causes: Map<string, Cause>, verdict: SubmissionVerdict): void {
  for (const exercise of verdict.exercises) {
    for (const check of exercise.checks) {
      if (check.status !== 'failed' && check.status !== 'timeout') continue;
      const name = `${exercise.id}/${check.id}`;
      const cause = check.cause ?? (check.status === 'timeout' ? 'took too long' : check.title);
      const key = `${name}\0${cause}`;
      const known = causes.get(key) ?? { check: name, cause, submissions: [] };
      causes.set(key, known);
      if (!known.submissions.includes(verdict.name)) known.submissions.push(verdict.name);
    }
  }
}

/** A whole report: submissions that could not be read come first, the others in the order given. */
export function buildReport(meta: ReportMeta, submissions: readonly SubmissionVerdict[], end: { gradedAt: string; durationMs: number }): Report {
  const tally = createTally();
  const unreadable = submissions.filter((one) => one.status === 'unreadable');
  const sorted = [...unreadable, ...submissions.filter((one) => one.status !== 'unreadable')];
  for (const submission of sorted) tally.add(submission);
  return { schemaVersion: 1, ...meta, gradedAt: end.gradedAt, durationMs: end.durationMs, totals: tally.totals(), causes: tally.causes(), submissions: sorted };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
