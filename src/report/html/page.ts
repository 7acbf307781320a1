import { createHash } from 'node:crypto';
import type { ReportEnd, ReportMeta } from '../../verdict/report.ts';
import type { CheckVerdict, ExerciseVerdict, SubmissionVerdict, TraceEntry } from '../../verdict/types.ts';
import { escapeMarkup as text } from '../markup.ts';
import { pageScript, pageStyle } from './style.ts';

type Traces = Readonly<Record<string, readonly TraceEntry[]>>;
/** The timeline of an exercise shows its first commands; the rest is counted. */
const mostWire = 150;

/** A whole page: what the class gets wrong, a table of all, and each submission's part. */
export function classPage(meta: ReportMeta, end: ReportEnd, rows: readonly string[], parts: readonly string[]): string {
  const { totals } = end;
  const causes = end.causes.slice(0, 30).map((one) => `<tr><td class="number">${one.submissions.length}</td><td>${text(one.check)}</td><td>${text(one.cause)}</td><td>${one.submissions.slice(0, 40).map((name) => `<a href="#${anchor(name)}">${text(name)}</a>`).join(', ')}${one.submissions.length > 40 ? ', …' : ''}</td></tr>`);
  return page(meta.course.name, `
<header><h1>${text(meta.course.name)}</h1>
<p>${totals.submissions} graded: ${totals.passed} passed, ${totals.failed} failed, ${totals.errored} errored, ${totals.unreadable} unreadable.</p>
<p class="soft">${circumstances(meta, end)}</p></header>
<main id="main">
<h2>What goes wrong most often</h2>
${causes.length === 0 ? '<p>Nothing.</p>' : `<div class="scroll"><table><thead><tr><th class="number" scope="col">students</th><th scope="col">check</th><th scope="col">cause</th><th scope="col">who</th></tr></thead><tbody>${causes.join('')}</tbody></table></div>`}
<h2>Everybody</h2>
<p class="find"><label for="find">Find</label> <input id="find" type="search" autocomplete="off"> <span id="found" role="status"></span></p>
<div class="scroll"><table><thead><tr><th scope="col">name</th><th scope="col">status</th><th class="number" scope="col">points</th><th scope="col">note</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
<h2>One by one</h2>
${parts.join('\n')}
</main>`);
}

/** A page about one submission, for its author. */
export function studentPage(meta: ReportMeta, verdict: SubmissionVerdict, traces: Traces): string {
  return page(`${verdict.name}: ${meta.course.name}`, `
<header><h1>${text(verdict.name)}</h1>
<p>${state(verdict.status)} ${verdict.score} of ${verdict.maxScore} points${verdict.lateBy === undefined ? '' : `, late by ${text(verdict.lateBy)}`}</p>
<p class="soft">${circumstances(meta)}</p></header>
<main id="main">${body(verdict, traces, 2)}</main>`);
}

/** A submission's line in the table of all. */
export function submissionRow(verdict: SubmissionVerdict): string {
  const note = [verdict.error, verdict.lateBy === undefined ? undefined : `late by ${verdict.lateBy}`].filter((one) => one !== undefined).join(' ');
  return `<tr data-student><th scope="row"><a href="#${anchor(verdict.name)}">${text(verdict.name)}</a></th><td>${state(verdict.status)}</td><td class="number">${verdict.score}/${verdict.maxScore}</td><td>${text(note)}</td></tr>`;
}

/** A submission's part of the page of all. */
export function submissionPart(verdict: SubmissionVerdict, traces: Traces): string {
  return `<details data-student id="${anchor(verdict.name)}"><summary>${text(verdict.name)}: ${state(verdict.status)} ${verdict.score} of ${verdict.maxScore}</summary>${body(verdict, traces, 3)}</details>`;
}

function body(verdict: SubmissionVerdict, traces: Traces, level: 2 | 3): string {
  const error = verdict.error === undefined ? '' : `<p>${text(verdict.error)}</p>`;
  return error + verdict.exercises.map((exercise) => exercisePart(exercise, traces[exercise.id] ?? [], level)).join('\n');
}

function exercisePart(exercise: ExerciseVerdict, trace: readonly TraceEntry[], level: 2 | 3): string {
  const passed = exercise.checks.filter((check) => check.status === 'passed');
  const others = exercise.checks.filter((check) => check.status !== 'passed' && check.status !== 'skipped');
  const skipped = exercise.checks.filter((check) => check.status === 'skipped');
  const list = (label: string, checks: readonly CheckVerdict[]): string => (checks.length === 0 ? '' : `<p class="soft">${label}: ${checks.map((check) => text(check.title)).join('; ')}.</p>`);
  return `<section><h${level}>${text(exercise.id)} ${text(exercise.title)}: ${state(exercise.status)} ${exercise.score} of ${exercise.maxScore}</h${level}>
${(exercise.notes ?? []).map((note) => `<p>${text(note)}</p>`).join('')}
${others.map(checkPart).join('\n')}
${list('Passed', passed)}${list('Not tried, since something before it failed', skipped)}${wirePart(trace)}</section>`;
}

function checkPart(check: CheckVerdict): string {
  const fact = (label: string, value: string | undefined): string => (value === undefined ? '' : `<p>${label}</p><pre>${text(value)}</pre>`);
  return `<div class="check ${check.status}"><p>${state(check.status)} <strong>${text(check.title)}</strong> <span class="soft">${check.points ?? 'no'} of ${check.maxPoints} points</span></p>
<p>${text(check.message).replace(/\n+/g, '<br>')}</p>${fact('expected', check.expected)}${fact('actual', check.actual)}
${(check.evidence ?? []).map((one) => `<pre${one.untrusted ? ' class="untrusted"' : ''}>${one.at === undefined ? '' : `${text(one.at)}\n`}${text(one.text)}</pre>`).join('')}
${check.hint === undefined ? '' : `<p>${text(check.hint)}</p>`}${check.lesson === undefined ? '' : `<p class="soft">Read on: <code>npx mongo-course lesson ${text(check.lesson)}</code></p>`}</div>`;
}

/** The wire timeline: when, how long, what. */
function wirePart(trace: readonly TraceEntry[]): string {
  const commands = trace.filter((entry) => entry.kind === 'command' || entry.kind === 'fault');
  if (commands.length === 0) return '';
  const until = Math.max(...commands.map((entry) => entry.at + (entry.durationMs ?? 0)), 1);
  const rows = commands.slice(0, mostWire).map((entry) => {
    const [from, long] = [(entry.at / until) * 100, Math.max(((entry.durationMs ?? 0) / until) * 100, 0.8)];
    return `<tr><td class="number">${Math.round(entry.at)} ms</td><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="${Math.min(from, 99).toFixed(2)}" y="1" width="${long.toFixed(2)}" height="8"/></svg></td><td class="number">${(entry.durationMs ?? 0).toFixed(1)} ms</td><td>${text(entry.text)}</td></tr>`;
  });
  const left = commands.length - rows.length;
  return `<details class="wire"><summary>On the wire: ${commands.length} ${commands.length === 1 ? 'command' : 'commands'}</summary><div class="scroll"><table><thead><tr><th class="number" scope="col">at</th><th scope="col"><span class="soft">timeline</span></th><th class="number" scope="col">took</th><th scope="col">command</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>${left > 0 ? `<p class="soft">and ${left} more</p>` : ''}</details>`;
}

function circumstances(meta: ReportMeta, end?: ReportEnd): string {
  const sandbox = meta.sandbox === 'unsandboxed' || meta.sandbox === 'none' ? 'unsandboxed' : `sandbox ${meta.sandbox}`;
  return text([`${meta.engine.kind} engine, MongoDB ${meta.engine.version}`, sandbox, `seed ${meta.seed}`, `version ${meta.course.version}`, (end?.gradedAt ?? meta.startedAt).slice(0, 16).replace('T', ' ')].join(' · '));
}

const glyphs: Record<string, string> = { passed: '✔', failed: '✖', timeout: '✖', missing: '–', skipped: '–', errored: '!', unreadable: '!' };
const state = (status: string): string => `<span class="status ${status}"><span aria-hidden="true">${glyphs[status] ?? ''}</span> ${status}</span>`;
const anchor = (name: string): string => `s-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;

function page(title: string, content: string): string {
  const hash = createHash('sha256').update(pageScript).digest('base64');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>${text(title)}</title><style>${pageStyle}</style></head>
<body><a class="skip" href="#main">To the results</a>
<p class="soft">Text marked “from the submission” was written by the code that was graded. It is quoted, not believed.</p>
${content}
<script>${pageScript}</script></body></html>
`;
}
