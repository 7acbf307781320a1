import type { CheckVerdict } from '../verdict/types.ts';

/** What is to be told of a check that did not pass, in plain text, a fact a line; for reports that have no layout of ours. */
export function checkText(check: CheckVerdict): string {
  const lines = [check.message];
  if (check.expected !== undefined) lines.push(`expected: ${check.expected}`);
  if (check.actual !== undefined) lines.push(`actual: ${check.actual}`);
  for (const { kind, text, at, untrusted } of check.evidence ?? []) lines.push(`${untrusted ? 'from the submission, ' : ''}${kind}${at === undefined ? '' : ` at ${at}`}: ${text}`);
  if (check.hint !== undefined) lines.push(`hint: ${check.hint}`);
  if (check.lesson !== undefined) lines.push(`read on: mongo-course lesson ${check.lesson}`);
  return lines.filter((line) => line !== '').join('\n');
}
