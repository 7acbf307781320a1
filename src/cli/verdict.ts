import { relative } from 'node:path';
import { createReporter, type Reporter } from '../report/index.ts';
import { createTally, type ReportMeta } from '../verdict/report.ts';
import { scoreSubmission } from '../verdict/score.ts';
import type { ExerciseVerdict, SubmissionVerdict } from '../verdict/types.ts';
import type { Cli } from './context.ts';
import { packageVersion } from './version.ts';

/** What a report says of a run before its first submission. */
export async function runMeta(cli: Cli, engine: { kind: string; version: string }, seed: number, sandbox: string): Promise<ReportMeta> {
  const course = await cli.course();
  return {
    course: { name: course.name, version: course.version || packageVersion() }, engine, seed, sandbox: sandbox === 'none' ? 'unsandboxed' : sandbox,
    platform: { os: process.platform, arch: process.arch, node: process.versions.node }, startedAt: new Date().toISOString(),
  };
}

/** A pretty reporter on stdout: places in a learner's files are shown from where they are. */
export function prettyReporter(cli: Cli, practice: boolean): Promise<Reporter> {
  const { terminal } = cli;
  return createReporter('pretty', {
    write: (text) => void terminal.stdout.write(text), width: terminal.width, color: terminal.color, accessible: terminal.accessible, practice,
    place: (submission, exerciseId, at) => {
      const root = submission.path.endsWith(exerciseId) ? submission.path : `${submission.path}/${exerciseId}`;
      return relative(cli.cwd, `${root}/${at}`) || at;
    },
  });
}

/** Prints the verdict on one exercise of the learner's workbook. */
export async function printVerdict(cli: Cli, workbook: string, engine: { kind: string; version: string }, seed: number, verdict: ExerciseVerdict): Promise<void> {
  const reporter = await prettyReporter(cli, true);
  const submission: SubmissionVerdict = { name: 'workbook', path: workbook, digest: '', ...scoreSubmission([verdict]), exercises: [verdict] };
  const tally = createTally();
  tally.add(submission);
  reporter.begin(await runMeta(cli, engine, seed, 'none'));
  reporter.submission(submission);
  reporter.end({ gradedAt: new Date().toISOString(), durationMs: verdict.durationMs, totals: tally.totals(), causes: tally.causes() });
}
