import { daysInMonth, daysOf, dayMs, instantOf, isoYearStart, utcZone, zoneOf, type Zone } from './calendar.ts';
import { MongoError } from './errors.ts';
import { monthNames } from './date-format.ts';

const failure = (text: string, why: string): MongoError => new MongoError('ConversionFailure', `Error parsing date string '${text}'; ${why}`);

/** What was read of a date; a field that was not is absent. */
interface Read {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  isoYear?: number;
  isoWeek?: number;
  weekday?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  zone?: Zone;
}

function instant(read: Read, text: string, zone: Zone): bigint {
  const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0 } = read;
  let days: number;
  if (read.isoYear !== undefined) {
    days = isoYearStart(read.isoYear) + ((read.isoWeek ?? 1) - 1) * 7 + (read.weekday ?? 1) - 1;
  } else if (year === undefined) {
    throw failure(text, 'an incomplete date/time string has been found, with elements missing: the year');
  } else if (read.dayOfYear !== undefined) {
    days = daysOf(year, 1, 1) + read.dayOfYear - 1;
  } else {
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw failure(text, 'the parsed date was invalid');
    days = daysOf(year, month, day);
  }
  if (hour > 24 || minute > 59 || second > 60) throw failure(text, 'the parsed time was invalid');
  const ms = BigInt(Math.round(((hour * 60 + minute) * 60 + second) * 1000 + millisecond));
  return read.zone ? instantOf(days, ms, read.zone) : instantOf(days + Math.floor(Number(ms) / dayMs), ms % BigInt(dayMs), zone);
}

const zoneText = String.raw`(?:\s*(Z|UTC|GMT|[A-Z]{3,4}|[A-Z][a-z]+\/[A-Za-z_/]+|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?))`;
const timeText = String.raw`(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*([AaPp]\.?[Mm]\.?)?`;
const tail = String.raw`(?:(?:[Tt \t]|,\s*|\s+at\s+)\s*T?${timeText}${zoneText}?)?${zoneText}?`;
const monthText = monthNames.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join('|');
const weekdayText = '(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\\s+)?';

type Order = readonly ('year' | 'month' | 'day' | 'dayOfYear' | 'isoYear' | 'isoWeek' | 'weekday')[];

/** The ways to write a date without a format, and what their groups are. */
const shapes: readonly (readonly [RegExp, Order])[] = [
  [String.raw`(-?\d{4})-(\d{1,2})-(\d{1,2})`, ['year', 'month', 'day']],
  [String.raw`(\d{4})/(\d{1,2})/(\d{1,2})`, ['year', 'month', 'day']],
  [String.raw`(\d{4})(\d{2})(\d{2})`, ['year', 'month', 'day']],
  [String.raw`(\d{4})-?W(\d{2})(?:-?([1-7]))?`, ['isoYear', 'isoWeek', 'weekday']],
  [String.raw`(\d{4})-?(\d{3})`, ['year', 'dayOfYear']],
  [String.raw`(\d{4})-(\d{2})`, ['year', 'month']],
  [String.raw`(\d{1,2})/(\d{1,2})/(\d{4})`, ['month', 'day', 'year']],
  [String.raw`(\d{1,2})[-.](\d{1,2})[-.](\d{4})`, ['day', 'month', 'year']],
  [String.raw`${weekdayText}(${monthText})\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})`, ['month', 'day', 'year']],
  [String.raw`${weekdayText}(\d{1,2})(?:st|nd|rd|th)?[\s-]+(${monthText})[\s,-]+(\d{4})`, ['day', 'month', 'year']],
].map(([text, order]) => [new RegExp(`^${text as string}${tail}$`, 'i'), order as Order] as const);

function monthNumber(text: string): number {
  if (/^\d/.test(text)) return Number(text);
  return monthNames.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()) + 1;
}

function readZone(text: string, whole: string): Zone {
  const name = text.trim().replace(/^(?:GMT|UTC)(?=[+-])/i, '');
  if (/^[+-]\d$/.test(name)) return zoneOf(`${name[0]}0${name[1]}`);
  try {
    return zoneOf(/^z$/i.test(name) ? 'UTC' : name);
  } catch (error) {
    if (error instanceof MongoError) throw failure(whole, 'the timezone could not be found in the database');
    throw error;
  }
}

function hourOf(hour: string, half: string | undefined): number {
  if (half === undefined) return Number(hour);
  return (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
}

/** Reads a date as people write them. @throws MongoError ConversionFailure where the text is none */
export function parseDate(text: string, zone?: Zone): bigint {
  const trimmed = text.replace(/^[\s\0]+|[\s\0]+$/g, (space) => (/^[\0\t-\r \u00a0]+$/.test(space) ? '' : space));
  for (const [shape, order] of shapes) {
    const match = shape.exec(trimmed);
    if (!match) continue;
    const read: Read = {};
    order.forEach((name, index) => {
      const value = match[index + 1];
      if (value !== undefined) read[name] = name === 'month' ? monthNumber(value) : Number(value);
    });
    const [hour, minute, second, fraction, half, near, far] = match.slice(order.length + 1);
    if (hour !== undefined) Object.assign(read, { hour: hourOf(hour, half), minute: Number(minute ?? 0), second: Number(second ?? 0), millisecond: Math.trunc(Number(`0.${fraction ?? 0}`) * 1000) });
    const named = near ?? far;
    if (named !== undefined) {
      if (zone) throw failure(text, `you cannot pass in a date/time string with GMT offset together with a timezone argument`);
      read.zone = readZone(named, text);
    }
    return instant(read, text, zone ?? utcZone);
  }
  throw failure(text, 'an incomplete date/time string has been found, or its format is not known');
}

const patterns: Readonly<Record<string, readonly [string, keyof Read]>> = {
  Y: [String.raw`(\d{4})`, 'year'], m: [String.raw`(\d{1,2})`, 'month'], d: [String.raw`(\d{1,2})`, 'day'], H: [String.raw`(\d{1,2})`, 'hour'],
  M: [String.raw`(\d{1,2})`, 'minute'], S: [String.raw`(\d{1,2})`, 'second'], L: [String.raw`(\d{1,3})`, 'millisecond'], j: [String.raw`(\d{1,3})`, 'dayOfYear'],
  G: [String.raw`(\d{4})`, 'isoYear'], V: [String.raw`(\d{1,2})`, 'isoWeek'], u: [String.raw`([1-7])`, 'weekday'],
  b: ['([A-Za-z]{3})', 'month'], B: ['([A-Za-z]+)', 'month'], z: [String.raw`(Z|[A-Za-z]+(?:/[A-Za-z_/]+)?|[+-]\d{2}(?::?\d{2})?)`, 'zone'], Z: [String.raw`([+-]\d+)`, 'zone'],
};

/** What formats for reading know. */
export const readableLetters = 'bBdGHjLmMSuVYzZ%';

/** Reads a date by a format. @throws MongoError ConversionFailure where the text does not follow it */
export function parseDateBy(format: string, text: string, zone?: Zone): bigint {
  const order: string[] = [];
  const source = format.replace(/%(.)|[\s\S]/gs, (piece, letter: string | undefined) => {
    const pattern = letter === undefined ? undefined : patterns[letter];
    if (pattern && letter !== undefined) order.push(letter);
    return pattern ? pattern[0] : (letter ?? piece).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  const match = new RegExp(`^${source}$`).exec(text);
  if (!match) throw failure(text, 'the text does not follow the format');
  const read: Read = {};
  order.forEach((letter, index) => {
    const value = match[index + 1] as string;
    const field = (patterns[letter] as readonly [string, keyof Read])[1];
    if (field === 'zone') {
      if (zone) throw failure(text, 'you cannot pass in a date/time string with time zone information together with a timezone argument');
      read.zone = letter === 'Z' ? { offset: () => Number(value) * 60_000 } : readZone(value, text);
    } else {
      // The server counts days of a year from 0 here.
      read[field] = field === 'month' ? monthNumber(value) : letter === 'L' ? Number(value.padEnd(3, '0')) : letter === 'j' ? Number(value) + 1 : Number(value);
    }
  });
  if (read.isoYear !== undefined && (read.year !== undefined || read.month !== undefined || read.day !== undefined)) throw failure(text, 'Mixing of ISO dates with natural dates is not allowed');
  return instant(read, text, zone ?? utcZone);
}
