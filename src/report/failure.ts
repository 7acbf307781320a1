import { splitAtWidth } from '../display-width.ts';
import type { CheckVerdict, Evidence } from '../verdict/types.ts';
import { layOut } from './difference.ts';
import { bodyWidth, labelled, mark, row, type Style } from './style.ts';
import { cap, clean, wrap } from './text.ts';

/** What a learner printed, at most. */
const outputCap = { lines: 20, characters: 2000 };
const evidenceCap = { lines: 12, characters: 2000 };
const messageCap = { lines: 24, characters: 3000 };

const labels: Record<Evidence['kind'], string> = { wire: 'sent', http: 'http', output: 'printed', error: 'threw', source: 'code', data: 'stored' };

/** Everything that helps with a check that did not pass: what was wrong, what was seen, where, and what to do. */
export function failureLines(style: Style, check: CheckVerdict, place: (at: string) => string): string[] {
  const blocks = [
    row(style, `${mark(style, check.status)} `, clean(check.title), '', style.color.bold),
    message(style, check),
    comparison(style, check),
    seen(style, check.evidence ?? [], place),
    advice(style, check),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function message(style: Style, check: CheckVerdict): string[] {
  const lines = capped(style, check.message, messageCap, style.width - 2).map((line) => `  ${line}`.trimEnd());
  if (check.status !== 'errored') return lines;
  return [...wrap('We could not judge this: that is our mistake, not yours, and costs you nothing. Please tell us, with the seed below.', style.width - 2).map((line) => `  ${line}`), ...lines];
}

function comparison(style: Style, check: CheckVerdict): string[] {
  const { expected, actual } = check;
  const width = bodyWidth(style);
  const { color } = style;
  const show = (lines: readonly string[], look: (text: string) => string): string[] => lines.map((line) => look(splitAtWidth(line, width)[0]));
  if (expected === undefined && actual === undefined) return [];
  if (expected === undefined || actual === undefined) {
    const [label, text, look] = actual === undefined ? ['expected', expected ?? '', color.green] as const : ['actual', actual, color.red] as const;
    return labelled(style, label, capped(style, text, evidenceCap, width).map((line) => look(line)));
  }
  const both = layOut(clean(expected), clean(actual), width);
  const pointer = both.column === undefined ? [] : style.accessible ? [`they differ from character ${both.character} on`] : [`${' '.repeat(both.column)}${color.yellow('^')}${both.column + 18 <= width ? color.dim(' first difference') : ''}`];
  return [...labelled(style, 'expected', show(both.expected, color.green)), ...labelled(style, 'actual', [...show(both.actual, color.red), ...pointer])];
}

/** Evidence of one kind after another under one label; what the submission printed comes last, behind a bar. */
function seen(style: Style, evidence: readonly Evidence[], place: (at: string) => string): string[] {
  const width = bodyWidth(style);
  const sorted = [...evidence.filter((one) => one.kind !== 'output'), ...evidence.filter((one) => one.kind === 'output')];
  const lines: string[] = [];
  let previous: Evidence['kind'] | undefined;
  for (const one of sorted) {
    const bar = one.untrusted && !style.accessible ? style.color.dim('│ ') : '';
    const room = width - (bar === '' ? 2 : 4);
    const text = capped(style, one.kind === 'source' ? aroundCaret(clean(one.text), room) : one.text, one.kind === 'output' ? outputCap : evidenceCap, room);
    const body = one.kind === 'wire' ? hanging(text) : text;
    const label = one.kind === previous ? '' : labels[one.kind];
    if (text.length > 0) lines.push(...labelled(style, style.accessible && label === '' ? labels[one.kind] : label, body.map((line) => bar + line)));
    if (one.at !== undefined) lines.push(...labelled(style, 'at', [style.color.underline(clean(place(one.at)).replaceAll('\n', ''))]));
    previous = one.at === undefined ? one.kind : undefined;
  }
  return lines;
}

function advice(style: Style, check: CheckVerdict): string[] {
  const width = bodyWidth(style);
  const hint = check.hint === undefined ? [] : labelled(style, 'hint', capped(style, check.hint, evidenceCap, width));
  const lesson = check.lesson === undefined || check.status === 'errored' ? [] : labelled(style, 'read on', [`${style.program} lesson ${clean(check.lesson)}`]);
  return [...hint, ...lesson];
}

/** Cleaned, capped and wrapped; what was left out is counted. */
function capped(style: Style, text: string, most: { lines: number; characters: number }, width: number): string[] {
  const { lines, left } = cap(clean(text), most);
  const wrapped = lines.flatMap((line) => wrap(line, width));
  if (wrapped.every((line) => line.trim() === '')) return [];
  return left > 0 ? [...wrapped, style.color.dim(`… ${left} more ${left === 1 ? 'line' : 'lines'}`)] : wrapped;
}

/** An excerpt of code whose last line is a caret: cut on both sides, so that the caret stays below its place. */
function aroundCaret(text: string, width: number): string {
  const lines = text.split('\n');
  const [code = '', caret = ''] = lines.slice(-2);
  const at = caret.search(/\^/);
  if (lines.length < 2 || !/^ *\^+ *$/.test(caret) || code.length <= width) return text;
  const from = at > width - 12 ? Math.min(at - Math.floor(width / 2), code.length - width + 1) : 0;
  const shorten = (line: string, mark: string): string => `${from > 0 ? mark : ''}${line.slice(from > 0 ? from + 1 : 0, from + width - 1)}`;
  const cutCode = shorten(code, '…');
  return [...lines.slice(0, -2), from + width - 1 < code.length ? `${cutCode}…` : cutCode, shorten(caret, ' ').trimEnd()].join('\n');
}

/** A command's further lines stand in a little, so that two commands can be told apart. */
const hanging = (lines: readonly string[]): string[] => lines.map((line, index) => (index === 0 ? line : `  ${line}`));
