import type { Exercise } from '../course/types.ts';
import type { CheckVerdict, ExerciseVerdict } from '../verdict/types.ts';
import type { Case } from './cases.ts';

/** What is wrong with a case, one sentence each; none where its verdict is the one expected. */
export function judge(one: Case, verdict: ExerciseVerdict): string[] {
  const errored = verdict.checks.filter((check) => check.status === 'errored');
  if (errored.length > 0) return errored.map((check) => `the check ${check.id} itself failed: ${firstLine(check.message)}`);
  if (verdict.checks.length === 0) return [`was not graded: ${verdict.status}`];
  if (one.kind === 'starter') return judgeStarter(verdict);
  if (one.kind === 'mistake') return judgeMistake(one, verdict);
  return judgeRight(one.exercise, verdict);
}

/** A starter compiles, and scores nothing. */
function judgeStarter(verdict: ExerciseVerdict): string[] {
  const paid = verdict.checks.filter((check) => (check.points ?? 0) > 0).map((check) => check.id);
  const compiles = verdict.checks.find((check) => check.id === 'compiles');
  return [
    ...(compiles && compiles.status !== 'passed' ? [`does not compile: ${firstLine(compiles.message)}`] : []),
    ...(paid.length > 0 ? [`should score 0, but ${list(paid)} gave points (let such a check need one that the starter fails)`] : []),
    ...(verdict.status === 'passed' ? ['should not pass'] : []),
  ];
}

function judgeMistake(one: Case, verdict: ExerciseVerdict): string[] {
  const actual = failing(verdict.checks).map((check) => check.id).sort();
  const missing = one.fails.filter((id) => !actual.includes(id));
  const more = actual.filter((id) => !one.fails.includes(id));
  if (missing.length === 0 && more.length === 0) return [];
  const remarks = [
    ...missing.map((id) => `${id} ${verdict.checks.find((check) => check.id === id)?.status ?? 'is no check'}`),
    ...more.map((id) => `${id} failed too: ${firstLine(verdict.checks.find((check) => check.id === id)?.message ?? '')}`),
  ];
  return [`should fail [${one.fails.join(', ')}], fails [${actual.join(', ')}] (${remarks.join('; ')})`];
}

/** Solutions and variants pass everything, bonus included, and get every point. */
function judgeRight(exercise: Exercise, verdict: ExerciseVerdict): string[] {
  const failed = verdict.checks.filter((check) => check.status !== 'passed' && check.status !== 'skipped');
  if (failed.length > 0) return failed.map((check) => `should pass everything, but ${check.id} ${check.status === 'timeout' ? 'took too long' : 'failed'}: ${reason(check)}`);
  const most = Object.values(exercise.points).reduce((sum, points) => sum + points, 0);
  const absent = Object.entries(exercise.points).filter(([id]) => !verdict.checks.some((check) => check.id === id));
  const reachable = absent.reduce((sum, [, points]) => sum - points, most);
  return verdict.score === reachable ? [] : [`should score ${reachable}, scores ${verdict.score}`];
}

/** Checks that failed, those skipped behind them apart. */
export function failing(checks: readonly CheckVerdict[]): CheckVerdict[] {
  return checks.filter((check) => check.status === 'failed' || check.status === 'timeout');
}

function reason(check: CheckVerdict): string {
  const values = check.expected !== undefined && check.actual !== undefined ? ` (expected ${firstLine(check.expected)}, actual ${firstLine(check.actual)})` : '';
  return `${firstLine(check.message)}${values}`;
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

const list = (ids: readonly string[]): string => ids.join(', ');
