import { createHash, type Hash } from 'node:crypto';
import { typeOrder } from '../bson/compare.ts';
import { encodeDocument } from '../bson/encode.ts';
import { isNaNValue, maxInt64, minInt64, toBigInt, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, type Numeric, type Value } from '../bson/value.ts';
import type { Expression, ExpressionFamily } from '../expression.ts';

/** `$toHashedIndexKey`: the first eight bytes of an MD5 digest of a seed, the type and the value. https://www.mongodb.com/docs/manual/reference/operator/aggregation/toHashedIndexKey/ */
function hashedKey(value: Value): bigint {
  const hash = createHash('md5').update(Buffer.alloc(4));
  feed(hash, value);
  return hash.digest().readBigInt64LE();
}

function feed(hash: Hash, value: Value, name?: string): void {
  const type = Buffer.alloc(4);
  type.writeInt32LE(typeOrder(value));
  hash.update(type);
  if (name !== undefined) hash.update(`${name}\0`);
  if (isNumeric(value)) hash.update(asInt64(value));
  else if (value instanceof Doc || Array.isArray(value)) {
    for (const [key, item] of value instanceof Doc ? value : value.map((one, index) => [String(index), one] as const)) feed(hash, item, key);
    hash.update(Buffer.alloc(1));
  } else {
    // A document of the one value under no name: size, type and an empty name stand before it, a NUL behind.
    hash.update(encodeDocument(new Doc([['', value]])).subarray(6, -1));
  }
}

/** Numbers that are equal have one hash: their whole part as an int64. */
function asInt64(value: Numeric): Buffer {
  const bytes = Buffer.alloc(8);
  const whole = isNaNValue(value) ? 0n : toBigInt(value) ?? (toDouble(value) > 0 ? maxInt64 : minInt64);
  bytes.writeBigInt64LE(whole > maxInt64 ? maxInt64 : whole < minInt64 ? minInt64 : whole);
  return bytes;
}

export const expressions: ExpressionFamily = {
  $toHashedIndexKey: (argument, tools) => {
    const [operand] = tools.operands(argument, 1, 1) as [Expression];
    return (scope) => hashedKey(operand(scope) ?? null);
  },
};
