import type { TraceEntry } from '../../verdict/types.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrap } from '../terminal/table.ts';
import { findRepeats, roundTrips, type Repeat } from './repeats.ts';

/** How many of a long row are shown. */
const shownOfRow = 2;

/** The timeline of a run, check by check; rows of one shape are cut short and marked. */
export function timeline(terminal: Terminal, entries: readonly TraceEntry[], checks: readonly { id: string; title: string }[], all: boolean): string[] {
  const { color, width } = terminal;
  const repeats = findRepeats(entries);
  const lines: string[] = [];
  let check: string | undefined;
  for (const [index, entry] of entries.entries()) {
    if (entry.check !== check) {
      check = entry.check;
      lines.push('', color.cyan(checks.find((one) => one.id === check)?.title ?? check));
    }
    const row = repeats.find((one) => index >= one.from && index <= one.to);
    const nth = row ? entries.slice(row.from, index + 1).filter((one) => one.shape === row.shape).length : 0;
    const hidden = row !== undefined && !all && nth > shownOfRow && entry.shape === row.shape;
    if (!hidden) lines.push(entryLine(terminal, entry, nth > 1 && entry.shape === row?.shape ? ` (same shape, time ${nth})` : ''));
    if (row && index === row.to) lines.push(...wrap(remark(row, all), width - 2).split('\n').map((line) => color.yellow(`  ${line}`)));
  }
  const connections = new Set(entries.map((entry) => entry.connection)).size;
  lines.push('', `${roundTrips(entries)} round trips on ${connections} ${connections === 1 ? 'connection' : 'connections'}`);
  return lines;
}

function remark({ count, kind }: Repeat, all: boolean): string {
  const more = all ? `${count} in a row` : `… ${count - shownOfRow} more, ${count} in a row`;
  const advice = kind === 'reads'
    ? 'If your code asks in a loop (N+1), one query with $in, or one $lookup, does the same.'
    : 'If your code writes in a loop, insertMany, updateMany or bulkWrite does the same in one round trip.';
  return `${more} have the same shape. ${advice}`;
}

function entryLine(terminal: Terminal, entry: TraceEntry, mark: string): string {
  const { color } = terminal;
  const when = color.dim(`${entry.at.toFixed(1).padStart(9)} ms  #${String(entry.connection).padEnd(3)}`);
  if (entry.kind !== 'command') return `${when} ${color.dim(entry.text)}`;
  const answer = entry.ok === false ? color.red(`error ${entry.code ?? ''}`.trim()) : entry.n === undefined ? 'ok' : `n ${entry.n}`;
  const arrow = terminal.accessible ? 'answer:' : '→';
  const came = entry.durationMs === undefined ? 'no answer' : `${answer}, ${entry.durationMs.toFixed(1)} ms`;
  return `${when} ${entry.text}  ${color.dim(`${arrow} ${came}`)}${color.yellow(mark)}`;
}
