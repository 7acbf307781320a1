import { isWhole, toBigInt } from '../../bson/number.ts';
import { Binary, Doc, isNumeric, Regex, type Maybe, type Numeric, type Value } from '../../bson/value.ts';
import { showValue } from '../../bson/show.ts';
import { MongoError } from '../../errors.ts';
import type { OperatorFamily, OperatorTools, ParseOperator, Predicate } from '../predicate.ts';
import { regexPredicate } from '../regex.ts';

function mod(argument: Value): Predicate {
  if (!Array.isArray(argument)) throw new MongoError('BadValue', 'malformed mod, needs to be an array');
  if (argument.length < 2) throw new MongoError('BadValue', 'malformed mod, not enough elements');
  if (argument.length > 2) throw new MongoError('BadValue', 'malformed mod, too many elements');
  const [divisor, remainder] = [whole(argument[0] as Value, 'divisor'), whole(argument[1] as Value, 'remainder')];
  if (divisor === 0n) throw new MongoError('BadValue', 'divisor cannot be 0');
  return {
    op: 'mod', operand: argument, leaves: true,
    test: (value) => {
      const number = isNumeric(value) ? toBigInt(value) : undefined;
      return number !== undefined && fits(number) && number % divisor === remainder;
    },
  };
}

const fits = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 63n;

function whole(value: Value, which: string): bigint {
  if (!isNumeric(value)) throw new MongoError('BadValue', `malformed mod, ${which} not a number`);
  const number = toBigInt(value);
  if (number === undefined || !fits(number)) {
    throw new MongoError('BadValue', `malformed mod, ${which} value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type`);
  }
  return number;
}

function regex(argument: Value, tools: OperatorTools): Predicate {
  const options = tools.siblings.get('$options');
  if (options !== undefined && typeof options !== 'string') throw new MongoError('BadValue', '$options has to be a string');
  if (argument instanceof Regex) {
    if (options !== undefined && options !== '' && argument.options !== '') {
      const optionsFirst = [...tools.siblings.keys()].find((name) => name === '$regex' || name === '$options') === '$options';
      throw new MongoError(optionsFirst ? 51074 : 51075, 'options set in both $regex and $options');
    }
    return regexPredicate(argument.pattern, options || argument.options);
  }
  if (typeof argument !== 'string') throw new MongoError('BadValue', '$regex has to be a string');
  return regexPredicate(argument, options ?? '');
}

/** The positions of `$bitsAllSet` and its kin: from a mask, an array of positions, or binary data. */
function positions(name: string, argument: Value): number[] {
  if (argument instanceof Binary) return setBits([...argument.bytes]);
  if (Array.isArray(argument)) return argument.map((item, index) => position(item, index));
  if (!isNumeric(argument)) throw new MongoError('BadValue', `${name} takes an Array, a number, or a BinData but received: ${name}: ${showValue(argument)}`);
  const mask = isWhole(argument) ? toBigInt(argument) : undefined;
  if (mask === undefined || !fits(mask)) throw new MongoError('FailedToParse', `Expected an integer: ${name}: ${showValue(argument)}`);
  if (mask < 0n) throw new MongoError('FailedToParse', `Expected a non-negative number in: ${name}: ${showValue(argument)}`);
  return setBits(Array.from({ length: 8 }, (_, byte) => Number((mask >> BigInt(byte * 8)) & 0xffn)));
}

function position(item: Value, index: number): number {
  const wrong = (what: string): MongoError => new MongoError('BadValue', `Failed to parse bit position. Expected ${what} in: ${index}: ${showValue(item)}`);
  if (!isNumeric(item)) throw wrong('a number');
  const bit = isWhole(item) ? toBigInt(item) : undefined;
  if (bit === undefined || bit > 0x7fffffffn) throw wrong('an integer');
  if (bit < 0n) throw wrong('a non-negative number');
  return Number(bit);
}

const setBits = (bytes: readonly number[]): number[] => bytes.flatMap((byte, index) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => index * 8 + bit));

/** Reads single bits of a value, numbers sign extended without end; undefined where it has none. */
function bitsOf(value: Maybe): ((position: number) => boolean) | undefined {
  if (value instanceof Binary) return (position) => ((value.bytes[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
  if (!isNumeric(value) || !representable(value)) return undefined;
  const number = toBigInt(value) as bigint;
  return (position) => ((number >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}

function representable(value: Numeric): boolean {
  const number = isWhole(value) ? toBigInt(value) : undefined;
  return number !== undefined && fits(number);
}

function bitTest(name: string, every: boolean, set: boolean) {
  return (argument: Value): { predicates: Predicate[] } => {
    const wanted = positions(name, argument);
    return {
      predicates: [{
        op: name.slice(1), operand: argument, leaves: true,
        test: (value) => {
          const bit = bitsOf(value);
          if (!bit) return false;
          return every ? wanted.every((position) => bit(position) === set) : wanted.some((position) => bit(position) === set);
        },
      }],
    };
  };
}

/** Geometry needs an index to be near something, and no index can be one here; the rest is refused by name. */
const geometry = (name: string): ParseOperator => (_, { place }) => {
  if (name === '$near' || name === '$nearSphere' || name === '$geoNear') {
    if (place.plain || place.nested || place.unindexed) throw new MongoError(5626500, '$geoNear, $near, and $nearSphere are not allowed in this context');
    throw new MongoError('NoQueryExecutionPlans', 'error processing query: planner returned error :: caused by :: unable to find index for $geoNear query');
  }
  throw new MongoError('NotImplemented', `${name} is not supported by this server`);
};

export const operators: OperatorFamily = {
  $mod: (argument) => ({ predicates: [mod(argument)] }),
  $regex: (argument, tools) => ({ predicates: [regex(argument, tools)] }),
  $options: (_, tools) => {
    if (!tools.siblings.has('$regex')) throw new MongoError('BadValue', '$options needs a $regex');
    return { predicates: [] };
  },
  $not: (argument) => {
    if (argument instanceof Regex) return { predicates: [regexPredicate(argument.pattern, argument.options)], negated: true };
    if (!(argument instanceof Doc)) throw new MongoError('BadValue', '$not needs a regex or a document');
    if (argument.size === 0) throw new MongoError('BadValue', '$not cannot be empty');
    throw new Error('a $not of operators is parsed with its path');
  },
  $bitsAllSet: bitTest('$bitsAllSet', true, true),
  $bitsAllClear: bitTest('$bitsAllClear', true, false),
  $bitsAnySet: bitTest('$bitsAnySet', false, true),
  $bitsAnyClear: bitTest('$bitsAnyClear', false, false),
  $geoWithin: geometry('$geoWithin'),
  $geoIntersects: geometry('$geoIntersects'),
  $near: geometry('$near'),
  $nearSphere: geometry('$nearSphere'),
  $geoNear: geometry('$geoNear'),
  $within: geometry('$within'),
};
