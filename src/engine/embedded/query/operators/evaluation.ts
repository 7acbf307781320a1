import { isNaNValue, toBigInt } from '../../bson/number.ts';
import { Binary, Decimal128, Doc, isNumeric, Regex, type Maybe, type Numeric, type Value } from '../../bson/value.ts';
import { isWhole } from '../../bson/number.ts';
import { showValue } from '../../bson/show.ts';
import { MongoError } from '../../errors.ts';
import type { OperatorFamily, OperatorTools, Predicate } from '../predicate.ts';
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
    if (options !== undefined && argument.options !== '') throw new MongoError(51074, 'options set in both $regex and $options');
    return regexPredicate(argument.pattern, options ?? argument.options);
  }
  if (typeof argument !== 'string') throw new MongoError('BadValue', '$regex has to be a string');
  return regexPredicate(argument, options ?? '');
}

/** The positions of `$bitsAllSet` and its kin: a mask, an array of positions, or binary data. */
function bits(name: string, argument: Value): bigint {
  if (argument instanceof Binary) return maskOf(argument.bytes);
  if (Array.isArray(argument)) {
    return argument.reduce((mask: bigint, item) => mask | (1n << position(item)), 0n);
  }
  if (!isNumeric(argument)) throw new MongoError('BadValue', `${name} takes an Array, a number, or a BinData but received: ${name}: ${showValue(argument)}`);
  const mask = isWhole(argument) ? toBigInt(argument) : undefined;
  if (mask === undefined || !fits(mask)) throw new MongoError('FailedToParse', `Expected an integer: ${name}: ${showValue(argument)}`);
  if (mask < 0n) throw new MongoError('FailedToParse', `Expected a non-negative number in: ${name}: ${showValue(argument)}`);
  return mask;
}

function position(item: Value): bigint {
  if (!isNumeric(item)) throw new MongoError('BadValue', `Failed to parse bit position. Expected a number in: 0: ${showValue(item)}`);
  const bit = isWhole(item) ? toBigInt(item) : undefined;
  if (bit === undefined || bit > 0x7fffffffn) throw new MongoError('BadValue', `Failed to parse bit position. Expected an integer in: 0: ${showValue(item)}`);
  if (bit < 0n) throw new MongoError('BadValue', `Failed to parse bit position. Expected a non-negative number in: 0: ${showValue(item)}`);
  return bit;
}

const maskOf = (bytes: Uint8Array): bigint => bytes.reduceRight((mask, byte) => (mask << 8n) | BigInt(byte), 0n);

/** The bits of a value, sign extended; undefined where it has none. */
function bitsOf(value: Maybe): bigint | undefined {
  if (value instanceof Binary) return maskOf(value.bytes);
  if (!isNumeric(value) || isNaNValue(value) || !representable(value)) return undefined;
  return toBigInt(value);
}

function representable(value: Numeric): boolean {
  if (value instanceof Decimal128 && !isWhole(value)) return false;
  const number = isWhole(value) ? toBigInt(value) : undefined;
  return number !== undefined && fits(number);
}

function bitTest(name: string, holds: (bits: bigint, mask: bigint) => boolean) {
  return (argument: Value): { predicates: Predicate[] } => {
    const mask = bits(name, argument);
    return {
      predicates: [{
        op: name.slice(1), operand: argument, leaves: true,
        test: (value) => {
          const set = bitsOf(value);
          return set !== undefined && holds(set, mask);
        },
      }],
    };
  };
}

const unsupported = (name: string) => (): never => {
  throw new MongoError('NotImplemented', `${name} is not supported by this server`);
};

export const operators: OperatorFamily = {
  $mod: (argument) => ({ predicates: [mod(argument)] }),
  $regex: (argument, tools) => ({ predicates: [regex(argument, tools)] }),
  $options: (_, tools) => {
    if (!tools.siblings.has('$regex')) throw new MongoError('BadValue', '$options needs a $regex');
    return { predicates: [] };
  },
  $not: (argument, tools) => {
    if (argument instanceof Regex) return { predicates: [regexPredicate(argument.pattern, argument.options)], negated: true };
    if (!(argument instanceof Doc)) throw new MongoError('BadValue', '$not needs a regex or a document');
    if (argument.size === 0) throw new MongoError('BadValue', '$not cannot be empty');
    throw new Error('a $not of operators is parsed with its path');
  },
  $bitsAllSet: bitTest('$bitsAllSet', (set, mask) => (set & mask) === mask),
  $bitsAllClear: bitTest('$bitsAllClear', (set, mask) => (set & mask) === 0n),
  $bitsAnySet: bitTest('$bitsAnySet', (set, mask) => (set & mask) !== 0n),
  $bitsAnyClear: bitTest('$bitsAnyClear', (set, mask) => (set & mask) !== mask),
  $geoWithin: unsupported('$geoWithin'),
  $geoIntersects: unsupported('$geoIntersects'),
  $near: unsupported('$near'),
  $nearSphere: unsupported('$nearSphere'),
  $within: unsupported('$within'),
};
