import type { Cause, SubmissionVerdict } from '../../verdict/types.ts';
import { exerciseLines, scoreOf } from '../exercise.ts';
import type { ReporterKind, ReportEnd, ReportMeta, ReporterOptions } from '../reporter.ts';
import { mark, row, styleOf, type Style } from '../style.ts';
import { clean, wrap } from '../text.ts';

/** How many of a class's most frequent mistakes are told. */
const mostCauses = 10;

/** What a person reads in a terminal. */
export const reporter: ReporterKind = {
  summary: 'for reading in a terminal',
  create(options) {
    const style = styleOf(options);
    const print = (lines: readonly string[]): void => options.write(lines.map((line) => `${line}\n`).join(''));
    let meta: ReportMeta;
    let failed = false;
    return {
      begin(given) {
        meta = given;
      },
      submission(verdict) {
        failed ||= verdict.status !== 'passed';
        print(options.practice === false ? brief(style, verdict) : full(style, verdict, options));
      },
      end(end) {
        print(options.practice === false ? summary(style, meta, end) : circumstances(style, meta, failed));
      },
    };
  },
};

function full(style: Style, verdict: SubmissionVerdict, options: ReporterOptions): string[] {
  const lines: string[] = [];
  if (verdict.error !== undefined) lines.push(...unreadable(style, verdict), '');
  for (const exercise of verdict.exercises) {
    const place = (at: string): string => options.place?.(verdict, exercise.id, at) ?? `${exercise.id}/${at}`;
    lines.push(...exerciseLines(style, exercise, place), '');
  }
  if (verdict.exercises.length > 1) lines.push(...row(style, `${mark(style, verdict.status)} `, clean(verdict.name), scoreOf(verdict), style.color.bold), '');
  return lines;
}

/** One line for a submission, one for each of its exercises that did not pass, with the checks that failed. */
function brief(style: Style, verdict: SubmissionVerdict): string[] {
  const lines = row(style, `${mark(style, verdict.status)} `, clean(verdict.name), scoreOf(verdict), style.color.bold);
  if (verdict.error !== undefined) return [...lines, ...wrap(clean(verdict.error), style.width - 4).map((line) => `    ${line}`)];
  if (verdict.lateBy !== undefined) lines.push(`    late by ${clean(verdict.lateBy)}`);
  for (const exercise of verdict.exercises) {
    if (exercise.status === 'passed') continue;
    const wrong = exercise.checks.filter((check) => check.status !== 'passed' && check.status !== 'skipped');
    const what = exercise.status === 'missing' ? 'missing' : wrong.map((check) => check.id).join(', ');
    lines.push(...row(style, '    ', `${exercise.id}: ${clean(what)}`, scoreOf(exercise)));
  }
  return lines;
}

function unreadable(style: Style, verdict: SubmissionVerdict): string[] {
  const head = row(style, `${mark(style, verdict.status)} `, clean(verdict.name), scoreOf(verdict), style.color.bold);
  return [...head, ...wrap(clean(verdict.error ?? ''), style.width - 2).map((line) => `  ${line}`)];
}

/** How to have the same run again, and what it ran on. */
function circumstances(style: Style, meta: ReportMeta, failed: boolean): string[] {
  const repeat = failed ? `Repeat with --seed ${meta.seed}` : `Seed ${meta.seed}`;
  return wrap(`${repeat} · ${ranOn(meta)}`.replaceAll(' · ', style.accessible ? '; ' : ' · '), style.width).map((line) => style.color.dim(line));
}

function ranOn(meta: ReportMeta): string {
  const sandbox = meta.sandbox === 'none' || meta.sandbox === 'unsandboxed' ? 'unsandboxed' : `sandbox ${meta.sandbox}`;
  return `${meta.engine.kind} engine, MongoDB ${meta.engine.version} · ${sandbox}`;
}

function summary(style: Style, meta: ReportMeta, end: ReportEnd): string[] {
  const { totals } = end;
  const counts = (['passed', 'failed', 'errored', 'unreadable'] as const).filter((name) => totals[name] > 0).map((name) => `${totals[name]} ${name}`);
  const seconds = (end.durationMs / 1000).toFixed(1);
  return [
    '',
    ...row(style, '', `${totals.submissions} ${totals.submissions === 1 ? 'submission' : 'submissions'}: ${counts.join(', ') || 'none graded'}`, scoreOf(totals), style.color.bold),
    ...commonMistakes(style, end.causes, totals.submissions),
    '',
    ...wrap(`${seconds} s · seed ${meta.seed} · ${ranOn(meta)}`.replaceAll(' · ', style.accessible ? '; ' : ' · '), style.width).map((line) => style.color.dim(line)),
  ];
}

function commonMistakes(style: Style, causes: readonly Cause[], submissions: number): string[] {
  if (causes.length === 0 || submissions < 2) return [];
  const shown = causes.slice(0, mostCauses).flatMap((cause) => row(style, `  ${String(cause.submissions.length).padStart(3)}×  `, `${cause.check}: ${clean(cause.cause)}`, ''));
  const left = causes.length - mostCauses;
  return ['', 'What goes wrong most often', ...shown, ...(left > 0 ? [style.color.dim(`  and ${left} more`)] : [])];
}
