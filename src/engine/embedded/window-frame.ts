import { compareValues } from './bson/compare.ts';
import { add, isWhole, toDouble } from './bson/number.ts';
import { Doc, isNumeric, typeName, UtcDate, type Maybe, type Numeric, type Value } from './bson/value.ts';
import { utcZone } from './calendar.ts';
import { addUnits, isUnit, type Unit } from './date-units.ts';
import { MongoError } from './errors.ts';
import type { Sort } from './query/sort.ts';

/** One end of a frame: an offset, or no end. */
type Bound = 'unbounded' | Numeric;

/** A parsed `window`. */
export interface Frame {
  /** The frames of a partition's documents. */
  over(keys: readonly (readonly Maybe[])[], count: number): (index: number) => readonly [number, number];
  /** True where its lower end moves. */
  readonly slides: boolean;
}

const wrong = (message: string): MongoError => new MongoError('FailedToParse', message);

/** Reads a `window`. https://www.mongodb.com/docs/manual/reference/operator/aggregation/setWindowFields/ */
export function parseFrame(window: Value | undefined, sort: Sort | undefined): Frame {
  if (window === undefined) return whole;
  if (!(window instanceof Doc)) throw wrong(`'window' field must be an object, found ${typeName(window)}`);
  for (const name of window.keys()) if (!['documents', 'range', 'unit'].includes(name)) throw wrong(`'window' field that is not known: ${name}`);
  const [documents, range, unit] = [window.get('documents'), window.get('range'), window.get('unit')];
  if (documents !== undefined && range !== undefined) throw wrong("Window bounds can specify either 'documents' or 'range', not both.");
  if (unit !== undefined && range === undefined) throw wrong("Window bounds can only specify 'unit' with range-based bounds.");
  if (unit !== undefined && (typeof unit !== 'string' || !isUnit(unit))) throw wrong(`unknown time unit value: ${String(unit)}`);
  if (documents !== undefined) return byDocuments(bounds('documents', documents, true), sort);
  if (range !== undefined) return byRange(bounds('range', range, unit !== undefined), unit as Unit | undefined, sort);
  return whole;
}

const whole: Frame = { slides: false, over: (_, count) => () => [0, count] };

function bounds(kind: string, value: Value, integral: boolean): readonly [Bound, Bound] {
  if (!Array.isArray(value) || value.length !== 2) throw wrong(`Window bounds must be a 2-element array: ${kind}`);
  const [low, high] = value.map((bound): Bound => {
    if (bound === 'unbounded') return bound;
    if (bound === 'current') return 0;
    if (!isNumeric(bound)) throw wrong(`Window bounds must be 'unbounded', 'current', or a number: ${kind}`);
    if (integral && !isWhole(bound)) throw wrong(`Numeric ${kind}-based bounds must be an integer`);
    return bound;
  }) as [Bound, Bound];
  if (low !== 'unbounded' && high !== 'unbounded' && compareValues(low, high) > 0) throw new MongoError(5339900, `Lower bound must not exceed upper bound: ${kind}`);
  return [low, high];
}

function byDocuments([low, high]: readonly [Bound, Bound], sort: Sort | undefined): Frame {
  if (!sort && (low !== 'unbounded' || high !== 'unbounded')) throw new MongoError(5339901, 'Document-based bounds require a sortBy');
  const [before, after] = [low === 'unbounded' ? -Infinity : toDouble(low), high === 'unbounded' ? Infinity : toDouble(high)];
  return {
    slides: low !== 'unbounded',
    over: (_, count) => (index) => {
      const from = Math.min(count, Math.max(0, index + before));
      return [from, Math.max(from, Math.min(count, index + after + 1))];
    },
  };
}

function byRange([low, high]: readonly [Bound, Bound], unit: Unit | undefined, sort: Sort | undefined): Frame {
  if (sort?.fields.length !== 1) throw new MongoError(5339902, 'Range-based bounds require sortBy a single field');
  if (sort.fields[0]?.direction !== 1) throw new MongoError(8947401, 'Range-based bounds require an ascending sortBy');
  const shift = (value: Maybe, by: Numeric): Value => {
    if (unit) {
      if (!(value instanceof UtcDate)) throw new MongoError(5429513, `Invalid range: Expected the sortBy field to be a Date, but it was ${typeName(value)}`);
      return new UtcDate(addUnits(value.ms, unit, BigInt(toDouble(by)), utcZone));
    }
    if (!isNumeric(value)) throw new MongoError(5429414, `Invalid range: Expected the sortBy field to be a number, but it was ${typeName(value)}`);
    return add(value, by) ?? toDouble(value) + toDouble(by);
  };
  return {
    slides: low !== 'unbounded',
    over: (keys, count) => {
      const sameKind = (other: Maybe): boolean => (unit ? other instanceof UtcDate : isNumeric(other));
      // Documents come in order, so frames only move on.
      let [from, to, last] = [0, 0, 0];
      return (index) => {
        const value = keys[index]?.[0];
        if (low === 'unbounded' && high === 'unbounded') return [0, count];
        if (index < last) [from, to] = [0, 0];
        last = index;
        if (low !== 'unbounded') {
          const least = shift(value, low);
          while (from < count && (!sameKind(keys[from]?.[0]) ? from < index : compareValues(keys[from]?.[0], least) < 0)) from++;
        }
        if (high === 'unbounded') return [from, count];
        const most = shift(value, high);
        to = Math.max(to, from);
        while (to < count && (sameKind(keys[to]?.[0]) ? compareValues(keys[to]?.[0], most) <= 0 : to < index)) to++;
        return [from, to];
      };
    },
  };
}
