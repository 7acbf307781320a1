import { isWhole, toDouble } from '../../bson/number.ts';
import { showValue } from '../../bson/show.ts';
import { bsonType, Decimal128, Int32, isNumeric, typeByte, type BsonTypeName, type Value } from '../../bson/value.ts';
import { MongoError } from '../../errors.ts';
import { isTrue } from '../../truth.ts';
import type { OperatorFamily } from '../predicate.ts';

const codes = new Set<number>(Object.values(bsonType));

/** The type bytes that an argument of `$type` names: a number, an alias, or an array of these. */
export function typeSet(argument: Value, operator = '$type'): Set<number> {
  const set = new Set<number>();
  for (const item of Array.isArray(argument) ? argument : [argument]) {
    if (typeof item === 'string') {
      if (item === 'number') [bsonType.double, bsonType.int, bsonType.long, bsonType.decimal].forEach((type) => set.add(type));
      else if (item in bsonType) set.add(bsonType[item as BsonTypeName]);
      else throw new MongoError('BadValue', `Unknown type name alias: ${item}`);
    } else if (isNumeric(item)) {
      const code = toDouble(item);
      if (code === 0) throw new MongoError('BadValue', `Invalid numerical type code: 0. Instead use {$exists:false}.`);
      if (!isWhole(item) || !(codes.has(code) || code === -1)) throw new MongoError('BadValue', `Invalid numerical type code: ${item instanceof Decimal128 || typeof item === 'bigint' || item instanceof Int32 ? showValue(item) : item}`);
      set.add(code === -1 ? bsonType.minKey : code);
    } else {
      throw new MongoError('TypeMismatch', `type must be represented as a number or a string`);
    }
  }
  if (set.size === 0) throw new MongoError('FailedToParse', `${operator} must match at least one type`);
  return set;
}

export const operators: OperatorFamily = {
  $exists: (argument) => ({
    predicates: [{ op: 'exists', operand: true, leaves: false, test: (value) => value !== undefined }],
    negated: !isTrue(argument),
  }),
  $type: (argument) => {
    const types = typeSet(argument);
    return { predicates: [{ op: 'type', operand: argument, leaves: true, test: (value) => value !== undefined && types.has(typeByte(value)) }] };
  },
};

