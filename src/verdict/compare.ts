import { UserError } from '../errors.ts';
import { buildReport } from './report.ts';
import type { Report, SubmissionVerdict } from './types.ts';

/** How a submission's score changed between two reports. */
export interface ScoreChange {
  name: string;
  before: SubmissionVerdict | undefined;
  after: SubmissionVerdict | undefined;
  /** The same files were graded both times. */
  sameCode: boolean;
  /** Checks whose status changed: `exercise/check`. */
  checks: { check: string; before: string; after: string }[];
}

/** What changed from one report to another: a lower score for the same code first, since that is never the student's doing. */
export function compareReports(before: Report, after: Report): ScoreChange[] {
  const [old, now] = [byName(before), byName(after)];
  const changes: ScoreChange[] = [];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(name), now.get(name)];
    const checks = a && b ? changedChecks(a, b) : [];
    if (a && b && a.score === b.score && a.status === b.status && checks.length === 0) continue;
    changes.push({ name, before: a, after: b, sameCode: a !== undefined && b !== undefined && a.digest !== '' && a.digest === b.digest, checks });
  }
  const rank = (change: ScoreChange): number => (change.sameCode && lost(change) > 0 ? 0 : change.sameCode ? 1 : lost(change) > 0 ? 2 : 3);
  return changes.sort((a, b) => rank(a) - rank(b) || lost(b) - lost(a) || (a.name < b.name ? -1 : 1));
}

const lost = (change: ScoreChange): number => (change.before?.score ?? 0) - (change.after?.score ?? 0);
const byName = (report: Report): Map<string, SubmissionVerdict> => new Map(report.submissions.map((one) => [one.name, one]));

function changedChecks(before: SubmissionVerdict, after: SubmissionVerdict): ScoreChange['checks'] {
  const statuses = (verdict: SubmissionVerdict): Map<string, string> => new Map(verdict.exercises.flatMap((exercise) => exercise.checks.map((check) => [`${exercise.id}/${check.id}`, check.status] as const)));
  const [old, now] = [statuses(before), statuses(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((check) => ({ check, before: old.get(check) ?? 'not made', after: now.get(check) ?? 'not made' }))
    .filter((one) => one.before !== one.after);
}

/**
 * One report of the parts of a class that was graded in shards.
 * @throws UserError where the parts are not of one run, or hold a submission twice
 */
export function mergeReports(parts: readonly { name: string; report: Report }[]): Report {
  const [first, ...others] = parts;
  if (!first) throw new UserError('No report was named.', { wayOut: 'mongo-course report merge part1.json part2.json' });
  for (const { name, report } of others) {
    for (const field of ['course', 'engine', 'seed', 'sandbox'] as const) {
      if (JSON.stringify(report[field]) !== JSON.stringify(first.report[field])) {
        throw new UserError(`${name} and ${first.name} are not of one run: their ${field} differs (${JSON.stringify(first.report[field])}, ${JSON.stringify(report[field])}).`, { wayOut: 'Give every shard the same --seed, --engine and --sandbox.' });
      }
    }
  }
  const seen = new Map<string, string>();
  for (const { name, report } of parts) {
    for (const submission of report.submissions) {
      const other = seen.get(submission.name);
      if (other !== undefined) throw new UserError(`"${submission.name}" is in ${other} and in ${name}.`, { wayOut: 'Merge the shards of one run: --shard 1/4, 2/4, 3/4, 4/4.' });
      seen.set(submission.name, name);
    }
  }
  const reports = parts.map(({ report }) => report);
  const submissions = reports.flatMap((report) => report.submissions).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { course, engine, seed, sandbox, platform } = first.report;
  const startedAt = reports.map((report) => report.startedAt).sort()[0] as string;
  const gradedAt = reports.map((report) => report.gradedAt).sort().at(-1) as string;
  return buildReport({ course, engine, seed, sandbox, platform, startedAt }, submissions, { gradedAt, durationMs: Math.max(...reports.map((report) => report.durationMs)) });
}
