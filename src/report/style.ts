import { Chalk, type ChalkInstance } from 'chalk';
import type { Status } from '../verdict/types.ts';
import type { ReporterOptions } from './reporter.ts';
import { displayWidth } from '../display-width.ts';
import { pad, wrap } from './text.ts';

/** How things look on one stream: everything below lays text out first and colours it afterwards. */
export interface Style {
  readonly color: ChalkInstance;
  readonly width: number;
  readonly accessible: boolean;
  readonly program: string;
}

/** The style that a reporter's options ask for; 30 to 100 columns. */
export function styleOf(options: ReporterOptions): Style {
  return {
    color: options.color ?? new Chalk({ level: 0 }),
    width: Math.max(30, Math.min(options.width ?? 80, 100)),
    accessible: options.accessible ?? false,
    program: options.program ?? 'npx mongo-course',
  };
}

const glyphs: Record<Status, string> = { passed: '✔', failed: '✖', timeout: '✖', skipped: '–', errored: '!', missing: '✖', unreadable: '✖' };
const words: Record<Status, string> = {
  passed: 'passed:', failed: 'failed:', timeout: 'too slow:', skipped: 'not tried:', errored: 'our mistake:', missing: 'missing:', unreadable: 'unreadable:',
};

/** A status as a coloured mark, or as a word where marks can't be heard. */
export function mark(style: Style, status: Status): string {
  return paint(style, status)(style.accessible ? words[status] : glyphs[status]);
}

/** The colour of a status. */
export function paint(style: Style, status: Status): ChalkInstance {
  const { color } = style;
  if (status === 'passed') return color.green;
  if (status === 'skipped') return color.dim;
  return status === 'errored' ? color.yellow : color.red;
}

/**
 * Text on the left, wrapped, and something short at the right edge of its first line; below the text where both don't
 * fit or where output is read aloud.
 */
export function row(style: Style, prefix: string, text: string, right: string, look: (text: string) => string = (same) => same): string[] {
  const indent = displayWidth(prefix);
  if (style.accessible) return [`${prefix}${look(text)}${right === '' ? '' : `, ${right}`}`];
  const room = style.width - indent - (right === '' ? 0 : displayWidth(right) + 2);
  if (room < 16 && right !== '') return [...row(style, prefix, text, '', look), style.color.dim(pad(right, style.width, 'right'))];
  const lines = wrap(text, room);
  const first = right === '' ? look(lines[0] ?? '') : `${look(lines[0] ?? '')}${pad('', style.width - indent - displayWidth(lines[0] ?? '') - displayWidth(right))}${style.color.dim(right)}`;
  return [`${prefix}${first}`, ...lines.slice(1).map((line) => ' '.repeat(indent) + look(line))];
}

/** Columns that labels take, with the space after them. */
const labelWidth = 10;

/**
 * Lines with a label before the first: beside it where there is room, else below it.
 * @param lines already cut or wrapped to `bodyWidth(style)`
 */
export function labelled(style: Style, label: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  if (style.accessible) return lines.length === 1 ? [`  ${label}: ${lines[0]}`] : [`  ${label}:`, ...lines.map((line) => `    ${line}`)];
  const name = style.color.cyan(label);
  if (style.width < 50) return [`  ${name}`, ...lines.map((line) => `    ${line}`.trimEnd())];
  return lines.map((line, index) => `  ${index === 0 ? name + ' '.repeat(labelWidth - label.length) : ' '.repeat(labelWidth)}${line}`.trimEnd());
}

/** Columns for what stands beside a label. */
export function bodyWidth(style: Style): number {
  return style.width - (style.accessible || style.width < 50 ? 4 : labelWidth + 2);
}

/** `3 points`, `1 point`. */
export function points(count: number): string {
  return `${count} ${count === 1 ? 'point' : 'points'}`;
}
