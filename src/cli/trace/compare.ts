import type { TraceEntry } from '../../verdict/types.ts';
import { pad, wrap } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isPlumbing, roundTrips } from './repeats.ts';

/** How many round trips one check took. */
export interface Comparison {
  check: string;
  title: string;
  yours: number;
  ours: number;
}

/** Round trips check by check, the learner's beside the solution's, where both got as far as asking the database. */
export function compareTraces(yours: readonly TraceEntry[], ours: readonly TraceEntry[], checks: readonly { id: string; title: string }[]): Comparison[] {
  const of = (trace: readonly TraceEntry[], check: string): number => roundTrips(trace.filter((entry) => entry.check === check));
  return checks
    .map(({ id, title }) => ({ check: id, title, yours: of(yours, id), ours: of(ours, id) }))
    .filter((one) => one.yours > 0 && one.ours > 0);
}

const mostLines = 8;

/** The comparison for reading: the sums in a sentence, each check, and the commands of the check that differs most. */
export function comparisonLines(terminal: Terminal, comparison: readonly Comparison[], yours: readonly TraceEntry[], ours: readonly TraceEntry[]): string[] {
  const { color, width, accessible } = terminal;
  const sum = (side: 'yours' | 'ours'): number => comparison.reduce((total, one) => total + one[side], 0);
  const lines = [color.bold(`The solution did this in ${trips(sum('ours'))}, yours in ${sum('yours')}.`), ''];
  if (!accessible) lines.push(color.dim(`${pad('', width - 16)}${pad('yours', 8, 'right')}${pad('ours', 8, 'right')}`));
  for (const one of comparison) {
    const more = one.yours > one.ours ? color.yellow : (text: string): string => text;
    lines.push(accessible ? `${one.title}: yours ${one.yours}, ours ${one.ours}` : more(`${pad(one.title, width - 16)}${pad(String(one.yours), 8, 'right')}${pad(String(one.ours), 8, 'right')}`));
  }
  const most = comparison.toSorted((a, b) => b.yours - b.ours - (a.yours - a.ours))[0];
  if (!most || most.yours <= most.ours) return [...lines, '', 'Yours sent no more than ours in any check.'];
  const sent = (trace: readonly TraceEntry[]): string[] => {
    const commands = trace.filter((entry) => entry.check === most.check && entry.kind === 'command' && !isPlumbing(entry)).map((entry) => entry.text);
    const shown = commands.slice(0, mostLines).flatMap((text) => wrap(`  ${text}`, width).split('\n'));
    return commands.length > mostLines ? [...shown, color.dim(`  … ${commands.length - mostLines} more`)] : shown;
  };
  return [...lines, '', color.cyan(most.title), 'yours:', ...sent(yours), 'ours:', ...sent(ours)];
}

const trips = (count: number): string => `${count} round ${count === 1 ? 'trip' : 'trips'}`;
