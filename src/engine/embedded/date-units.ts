import { maxInt64, minInt64 } from './bson/number.ts';
import { daysInMonth, daysOf, floorDivide, instantOf, msOfDay, partsOf, weekdayOf, type Zone } from './calendar.ts';
import { MongoError } from './errors.ts';

export type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const lengths: Readonly<Record<Unit, bigint>> = {
  year: 31_556_952_000n, quarter: 7_889_238_000n, month: 2_629_746_000n, week: 604_800_000n, day: 86_400_000n, hour: 3_600_000n, minute: 60_000n, second: 1000n, millisecond: 1n,
};

const months: Readonly<Partial<Record<Unit, number>>> = { year: 12, quarter: 3, month: 1 };

export const isUnit = (text: string): text is Unit => Object.hasOwn(lengths, text);

/** @throws MongoError FailedToParse where there is no such unit */
export function unitOf(text: string): Unit {
  if (!isUnit(text)) throw new MongoError('FailedToParse', `unknown time unit value: ${text}`);
  return text;
}

/** How long a unit is, on average for those that vary. */
export const lengthOf = (unit: Unit): bigint => lengths[unit];

/** An instant some units later; a month's end stays one. @throws MongoError where it is beyond what a date holds */
export function addUnits(ms: bigint, unit: Unit, amount: bigint, zone: Zone): bigint {
  const size = amount < 0n ? -amount : amount;
  if (size * lengths[unit] > 2n * maxInt64) throw new MongoError(5976500, `invalid dateAdd 'amount' parameter value: ${amount} ${unit}`);
  const moved = add(ms, unit, amount, zone);
  if (moved > maxInt64 || moved < minInt64) throw new MongoError(5166406, 'dateAdd overflowed');
  return moved;
}

function add(ms: bigint, unit: Unit, amount: bigint, zone: Zone): bigint {
  const perUnit = months[unit];
  if (perUnit === undefined && unit !== 'day' && unit !== 'week') return ms + amount * lengths[unit];
  const parts = partsOf(ms, zone);
  if (perUnit === undefined) return instantOf(parts.days + Number(amount) * (unit === 'week' ? 7 : 1), msOfDay(parts), zone);
  const count = parts.year * 12 + parts.month - 1 + Number(amount) * perUnit;
  const [year, month] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1];
  return instantOf(daysOf(year, month, Math.min(parts.day, daysInMonth(year, month))), msOfDay(parts), zone);
}

/** How many of a unit's boundaries lie between two instants. */
export function unitsBetween(start: bigint, end: bigint, unit: Unit, zone: Zone, startOfWeek: number): bigint {
  if (unit === 'millisecond') return end - start;
  if (unit === 'second') return floorDivide(end, 1000n) - floorDivide(start, 1000n);
  if (unit === 'minute' || unit === 'hour') {
    const [before, after] = [BigInt(zone.offset(start)), BigInt(zone.offset(end))];
    return floorDivide(end + after, lengths[unit]) - floorDivide(start + before, lengths[unit]) - (after - before) / lengths[unit];
  }
  const [a, b] = [partsOf(start, zone), partsOf(end, zone)];
  switch (unit) {
    case 'day': return BigInt(b.days - a.days);
    case 'week': return BigInt(weekIndex(b.days, startOfWeek) - weekIndex(a.days, startOfWeek));
    case 'month': return BigInt((b.year - a.year) * 12 + b.month - a.month);
    case 'quarter': return BigInt((b.year - a.year) * 4 + quarterOf(b.month) - quarterOf(a.month));
    default: return BigInt(b.year - a.year);
  }
}

const quarterOf = (month: number): number => Math.floor((month - 1) / 3);
const weekIndex = (days: number, startOfWeek: number): number => Math.floor((days - ((startOfWeek + 3) % 7)) / 7);

const reference = daysOf(2000, 1, 1);

/** The beginning of the bin that an instant lies in; bins count from 2000-01-01. */
export function truncate(ms: bigint, unit: Unit, size: bigint, zone: Zone, startOfWeek: number): bigint {
  const perUnit = months[unit];
  if (perUnit !== undefined) {
    const { year, month } = partsOf(ms, zone);
    const bin = perUnit * Number(size);
    const count = Math.floor(((year - 2000) * 12 + month - 1) / bin) * bin;
    return instantOf(daysOf(2000 + Math.floor(count / 12), (((count % 12) + 12) % 12) + 1, 1), 0n, zone);
  }
  if (unit === 'day' || unit === 'week') {
    const bin = Number(size) * (unit === 'week' ? 7 : 1);
    const from = unit === 'week' ? reference + ((startOfWeek - weekdayOf(reference) + 7) % 7) : reference;
    return instantOf(from + Math.floor((partsOf(ms, zone).days - from) / bin) * bin, 0n, zone);
  }
  const from = instantOf(reference, 0n, zone);
  const bin = size * lengths[unit];
  return from + floorDivide(ms - from, bin) * bin;
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** 0 for Sunday to 6, by its name or the name's first three letters; undefined where it is none. */
export function weekdayNamed(text: string): number | undefined {
  const name = text.toLowerCase();
  const at = weekdays.findIndex((day) => day === name || day.slice(0, 3) === name);
  return at === -1 ? undefined : at;
}
