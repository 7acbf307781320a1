import { UserError } from '../../errors.ts';
import type { Submission } from '../types.ts';
import { instant } from './moment.ts';

/**
 * A deadline as given: a date and a time with its zone; without a zone, this machine's.
 * @throws UserError where it is no moment
 */
export function readDeadline(text: string): Date {
  const zoned = instant(text);
  const date = new Date(zoned ?? (/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?$/.test(text) ? text.replace(' ', 'T') : Number.NaN));
  if (Number.isNaN(date.getTime())) throw new UserError(`The deadline "${text}" is no date and time.`, { wayOut: 'For example: --deadline "2026-11-20T23:59+01:00"' });
  return date;
}

/** Says of a submission how late it is; where nobody says when it was handed in, what is known already, or `unknown`. */
export function withLateness(submission: Submission, deadline: Date): Submission {
  if (submission.exercises.size === 0 && submission.unreadable === undefined) return submission;
  if (submission.submittedAt === undefined) return { ...submission, lateBy: submission.lateBy ?? 'unknown' };
  const minutes = Math.ceil((Date.parse(submission.submittedAt) - deadline.getTime()) / 60_000);
  const known = { ...submission };
  delete known.lateBy;
  return minutes <= 0 ? known : { ...known, lateBy: spoken(minutes) };
}

function spoken(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = [[days, 'd'], [hours, 'h'], [rest, 'min']] as const;
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}
