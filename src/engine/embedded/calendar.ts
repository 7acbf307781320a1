import type { UtcDate } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** A time zone: an Olson name, or a fixed offset. */
export interface Zone {
  /** Milliseconds that local time is ahead of UTC at an instant. */
  offset(ms: bigint): number;
}

export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** Days since 1970-01-01, of the local date. */
  days: number;
}

export const dayMs = 86_400_000;
const dayMsBig = 86_400_000n;

/** The quotient, rounded down. */
export const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar; months beyond 1 to 12 carry over. */
export function daysOf(year: number, month: number, day: number): number {
  const carried = year + Math.floor((month - 1) / 12);
  const m = ((((month - 1) % 12) + 12) % 12) + 1;
  const y = m <= 2 ? carried - 1 : carried;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** The date of a day. */
export function civilOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1 };
}

/** How many days a month has. */
export const daysInMonth = (year: number, month: number): number => daysOf(year, month + 1, 1) - daysOf(year, month, 1);

export const utcZone: Zone = { offset: () => 0 };

const zones = new Map<string, Zone>([['UTC', utcZone], ['GMT', utcZone]]);

/** @throws MongoError 40485 where there is no such zone */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const fixed = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(name);
  const zone = fixed ? fixedZone((fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0))) : namedZone(name);
  if (zones.size < 1000) zones.set(name, zone);
  return zone;
}

const fixedZone = (minutes: number): Zone => ({ offset: () => minutes * 60_000 });

function namedZone(name: string): Zone {
  const unknown = new MongoError(40485, `unrecognized time zone identifier: "${name}"`);
  // Names are told apart by case, which Intl does not.
  if (!/^[A-Z]/.test(name) || /^[A-Z_]+\/[A-Z_/]+$/.test(name)) throw unknown;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  } catch (error) {
    if (error instanceof RangeError) throw unknown;
    throw error;
  }
  const cache = new Map<number, number>();
  return {
    offset(ms) {
      // Offsets change at whole quarters of an hour.
      const at = Math.max(-8.64e12, Math.min(8.64e12, Number(floorDivide(ms, 900_000n)) * 900)) * 1000;
      let offset = cache.get(at);
      if (offset === undefined) {
        offset = offsetAt(format, at);
        if (cache.size > 5000) cache.clear();
        cache.set(at, offset);
      }
      return offset;
    },
  };
}

function offsetAt(format: Intl.DateTimeFormat, ms: number): number {
  const part = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const number = (name: Intl.DateTimeFormatPartTypes): number => Number(part.get(name));
  const year = part.get('era')?.startsWith('B') ? 1 - number('year') : number('year');
  return (daysOf(year, number('month'), number('day')) * 86_400 + number('hour') * 3600 + number('minute') * 60 + number('second')) * 1000 - ms;
}

/** Takes an instant apart in a zone. */
export function partsOf(ms: bigint, zone: Zone): DateParts {
  const local = ms + BigInt(zone.offset(ms));
  const days = Number(floorDivide(local, dayMsBig));
  const rest = Number(local - BigInt(days) * dayMsBig);
  return {
    ...civilOf(days), days, hour: Math.floor(rest / 3_600_000), minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60, millisecond: rest % 1000,
  };
}

/** The instant of a local time; of two the first, and where there is none, as far behind the gap. */
export function instantOf(days: number, msOfDay: bigint, zone: Zone): bigint {
  const local = BigInt(days) * dayMsBig + msOfDay;
  if (zone === utcZone) return local;
  const [before, after] = [zone.offset(local - dayMsBig), zone.offset(local + dayMsBig)];
  if (before === after || zone.offset(local - BigInt(before)) === before) return local - BigInt(before);
  return zone.offset(local - BigInt(after)) === after ? local - BigInt(after) : local - BigInt(before);
}

/** Milliseconds since midnight. */
export const msOfDay = ({ hour, minute, second, millisecond }: DateParts): bigint => BigInt(((hour * 60 + minute) * 60 + second) * 1000 + millisecond);

/** 0 for Sunday to 6. */
export const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;

export const dayOfYear = ({ year, days }: { year: number; days: number }): number => days - daysOf(year, 1, 1) + 1;

/** ISO 8601's week and its year. */
export function isoWeekOf(days: number): { week: number; year: number } {
  const thursday = days + 4 - (weekdayOf(days) || 7);
  const { year } = civilOf(thursday);
  return { year, week: Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1 };
}

/** The day that begins an ISO year's first week. */
export function isoYearStart(year: number): number {
  const fourth = daysOf(year, 1, 4);
  return fourth - ((weekdayOf(fourth) || 7) - 1);
}

/** `+02:00`, or `+0200` without a colon. */
export function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

export const two = (value: number): string => String(value).padStart(2, '0');

/** A date as ISO 8601 text in UTC, whole milliseconds. */
export function isoText({ ms }: UtcDate): string {
  const parts = partsOf(ms, utcZone);
  if (parts.year < 0 || parts.year > 9999) throw new MongoError(18537, `Could not convert date to string: date component was outside the supported range of 0-9999: ${parts.year}`);
  return `${String(parts.year).padStart(4, '0')}-${two(parts.month)}-${two(parts.day)}T${two(parts.hour)}:${two(parts.minute)}:${two(parts.second)}.${String(parts.millisecond).padStart(3, '0')}Z`;
}
