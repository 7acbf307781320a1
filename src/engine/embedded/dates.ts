import { UtcDate } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** A date as ISO 8601 text in UTC, whole milliseconds. */
export function isoText(date: UtcDate): string {
  const ms = Number(date.ms);
  if (Math.abs(ms) > 8.64e15) throw new MongoError('Overflow', `date ${date.ms} is out of range`);
  return new Date(ms).toISOString();
}

/** @throws MongoError ConversionFailure where the text is no date */
export function parseDate(text: string): UtcDate {
  const match = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
  const iso = match ? text.trim().replace(' ', 'T') + (match[1] || text.trim().length === 10 ? '' : 'Z') : '';
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new MongoError('ConversionFailure', `Error parsing date string '${text}'`);
  return new UtcDate(BigInt(ms));
}

/** The parts of a date in a zone: an Olson name or an offset like +02:00. */
export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes that a zone is ahead of UTC at a time. */
function offsetMinutes(zone: string, ms: number): number {
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0));
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  let format = formats.get(zone);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    } catch {
      throw new MongoError(40485, `unrecognized time zone identifier: "${zone}"`);
    }
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(part.year as number, (part.month as number) - 1, part.day, part.hour, part.minute, part.second);
  return Math.round((local - Math.floor(ms / 1000) * 1000) / 60_000);
}

/** Takes a date apart in a zone. */
export function partsOfDate(date: UtcDate, zone: string): DateParts {
  const ms = Number(date.ms);
  const local = new Date(ms + offsetMinutes(zone, ms) * 60_000);
  return {
    year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), hour: local.getUTCHours(),
    minute: local.getUTCMinutes(), second: local.getUTCSeconds(), millisecond: local.getUTCMilliseconds(),
  };
}

/** `+0200`, or `+02:00` with a colon. */
export function offsetText(date: UtcDate, zone: string): string {
  const minutes = offsetMinutes(zone, Number(date.ms));
  const part = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}${part(Math.abs(minutes) % 60)}`;
}
