import { appendFileSync } from 'node:fs';
import type { CheckVerdict, SubmissionVerdict } from '../../verdict/types.ts';
import type { ReporterKind, ReporterOptions } from '../reporter.ts';

/** GitHub shows ten annotations of a step; the summary has the rest. */
const mostAnnotations = 10;
/** A step's summary may have 1 MiB. */
const mostSummary = 900_000;

/** Annotations in GitHub Actions' workflow commands and, where `GITHUB_STEP_SUMMARY` names a file, a job summary. */
export const reporter: ReporterKind = {
  summary: 'annotations and a job summary, for GitHub Actions',
  create(options) {
    const summary = process.env.GITHUB_STEP_SUMMARY;
    let [annotations, written] = [0, 0];
    const summarize = (text: string): void => {
      if (summary === undefined || summary === '' || written > mostSummary) return;
      written += text.length;
      appendFileSync(summary, text);
    };
    return {
      begin(meta) {
        summarize(`## ${cell(meta.course.name)}\n\n| submission | points | status | what failed |\n| --- | ---: | --- | --- |\n`);
      },
      submission(verdict) {
        const failed = verdict.exercises.flatMap((exercise) => exercise.checks.filter((check) => ['failed', 'timeout', 'errored'].includes(check.status)).map((check) => ({ exercise: exercise.id, check })));
        for (const { exercise, check } of failed) if (annotations++ < mostAnnotations) options.write(annotation(verdict, exercise, check, options));
        if (verdict.error !== undefined && annotations++ < mostAnnotations) options.write(`::error title=${property(verdict.name)}::${data(verdict.error)}\n`);
        summarize(`| ${cell(verdict.name)} | ${verdict.score}/${verdict.maxScore} | ${verdict.status} | ${cell(verdict.error ?? failed.map(({ exercise, check }) => `${exercise}: ${check.title}`).join('; '))} |\n`);
      },
      end(end) {
        if (annotations > mostAnnotations) options.write(`::notice::${annotations - mostAnnotations} more failures are in the summary.\n`);
        const { totals } = end;
        summarize(`\n${totals.submissions} graded: ${totals.passed} passed, ${totals.failed} failed, ${totals.errored} errored, ${totals.unreadable} unreadable.\n`);
      },
    };
  },
};

function annotation(verdict: SubmissionVerdict, exercise: string, check: CheckVerdict, options: ReporterOptions): string {
  const at = check.evidence?.find((one) => one.at !== undefined)?.at;
  const [, file, line, column] = /^(.*?)(?::(\d+)(?::(\d+))?)?$/.exec(at === undefined ? '' : (options.place?.(verdict, exercise, at) ?? `${exercise}/${at}`)) ?? [];
  const place = file ? [`file=${property(file)}`, ...(line ? [`line=${line}`] : []), ...(column ? [`col=${column}`] : [])] : [];
  return `::error ${[...place, `title=${property(`${exercise}: ${check.title}`)}`].join(',')}::${data([check.message, check.hint].filter((text) => text).join('\n'))}\n`;
}

// The escapes of GitHub's own toolkit (actions/toolkit, core/command.ts): a submission cannot begin a command.
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Text in a Markdown table: neither markup nor HTML nor a new cell. */
const cell = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~&@-]/g, (char) => `&#${char.charCodeAt(0)};`);
