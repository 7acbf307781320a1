import type { CheckVerdict, ExerciseVerdict } from '../verdict/types.ts';
import { failureLines } from './failure.ts';
import { mark, points, row, type Style } from './style.ts';
import { clean, wrap } from './text.ts';

/** An exercise in full: its checks, then what is to be known about each that did not pass. */
export function exerciseLines(style: Style, exercise: ExerciseVerdict, place: (at: string) => string): string[] {
  const heading = row(style, `${style.color.bold.cyan(exercise.id)}  `, clean(exercise.title), scoreWithBonus(exercise), style.color.bold);
  // A note may be the reason of what failed: it is read first.
  const notes = (exercise.notes ?? []).flatMap((note) => wrap(clean(`Note: ${note}`), style.width));
  const blocks = [heading, exercise.checks.flatMap((check) => checkLine(style, check)), notes];
  for (const check of exercise.checks) {
    if (check.status === 'failed' || check.status === 'timeout' || check.status === 'errored') blocks.push(failureLines(style, check, place));
  }
  blocks.push(skippedLines(style, exercise.checks));
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

/** `3 of 5 points`. */
export function scoreOf(scored: { score: number; maxScore: number }): string {
  return `${scored.score} of ${points(scored.maxScore)}`;
}

/** `37 of 39 points and 2 bonus`: who fails a check does not read that all points are there. */
export function scoreWithBonus({ score, maxScore, checks }: ExerciseVerdict): string {
  const bonus = checks.reduce((sum, check) => sum + (check.bonus ? (check.points ?? 0) : 0), 0);
  return `${scoreOf({ score: score - bonus, maxScore })}${bonus > 0 ? ` and ${bonus} bonus` : ''}`;
}

function checkLine(style: Style, check: CheckVerdict): string[] {
  const look = check.status === 'skipped' ? style.color.dim : (text: string): string => text;
  return row(style, `${mark(style, check.status)} `, clean(check.title), worth(style, check), look);
}

function worth(style: Style, check: CheckVerdict): string {
  if (check.maxPoints === 0) return '';
  if (check.points === null) return 'not counted';
  const sum = style.accessible ? `${check.points} of ${points(check.maxPoints)}` : `${check.points}/${check.maxPoints}`;
  return check.bonus ? `bonus ${sum}` : sum;
}

/** One calm line for all that wait for the same thing. */
function skippedLines(style: Style, checks: readonly CheckVerdict[]): string[] {
  const waiting = new Map<string, number>();
  for (const check of checks) {
    if (check.status !== 'skipped') continue;
    const reason = [...rootsOf(check, checks)].map((title) => `"${clean(title)}"`).join(' and ') || 'another check';
    waiting.set(reason, (waiting.get(reason) ?? 0) + 1);
  }
  return [...waiting].flatMap(([reason, count]) => {
    const text = `Not tried yet: ${count === 1 ? '1 check' : `${count} checks`}, until ${reason} ${reason.includes('" and "') ? 'pass' : 'passes'}.`;
    return wrap(text, style.width).map((line) => style.color.dim(line));
  });
}

/** Titles of the checks in whose way it failed, behind however many skipped ones. */
function rootsOf(check: CheckVerdict, checks: readonly CheckVerdict[], seen = new Set<string>()): Set<string> {
  const titles = new Set<string>();
  for (const id of check.dependsOn ?? []) {
    const needed = checks.find((one) => one.id === id);
    if (!needed || needed.status === 'passed' || seen.has(id)) continue;
    seen.add(id);
    if (needed.status === 'skipped') for (const title of rootsOf(needed, checks, seen)) titles.add(title);
    else titles.add(needed.title);
  }
  return titles;
}
