import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareValues, hashKey } from '../../../../src/engine/embedded/bson/compare.ts';
import { parseDecimal } from '../../../../src/engine/embedded/bson/decimal.ts';
import {
  Binary, Code, DbPointer, MaxKey, MinKey, ObjectId, Regex, Timestamp, Undefined, UtcDate, type Maybe,
} from '../../../../src/engine/embedded/bson/value.ts';
import { bson } from '../values.ts';
import { numbers, values } from './random.ts';

const id = new ObjectId(new Uint8Array(12));

/** Each sorts before the next. */
const ascending: readonly (readonly [string, Maybe])[] = [
  ['MinKey', MinKey.value], ['a missing value', undefined], ['null', null], ['NaN', Number.NaN], ['-Infinity', -Infinity], ['-1', bson(-1)], ['a decimal below 0.1', parseDecimal('0.1')],
  ['the double 0.1', 0.1], ['2^53', 2 ** 53], ['2^53 + 1', 2n ** 53n + 1n], ['the largest int64', 2n ** 63n - 1n], ['2^63', 2 ** 63], ['Infinity', Infinity], ['an empty string', ''], ['a', 'a'], ['aa', 'aa'],
  ['b', 'b'], ['the last character of the basic plane', '\uffff'], ['one beyond it', '\u{10000}'], ['an empty document', bson({})], ['{ a: 1 }', bson({ a: 1 })], ['{ a: 1, b: 1 }', bson({ a: 1, b: 1 })], ['{ a: 2 }', bson({ a: 2 })],
  ['{ b: 0 }', bson({ b: 0 })], ['{ a: "" }, whose type is higher', bson({ a: '' })], ['an empty array', []], ['[null]', [null]], ['[1]', bson([1])], ['[1, 2]', bson([1, 2])], ['[2]', bson([2])],
  ['one byte', new Binary(0, new Uint8Array([9]))], ['two bytes', new Binary(0, new Uint8Array([0, 0]))], ['two bytes of a higher subtype', new Binary(5, new Uint8Array([0, 0]))], ['an ObjectId', id],
  ['false', false], ['true', true], ['a date before 1970', new UtcDate(-1n)], ['a date', new UtcDate(0n)], ['a timestamp', new Timestamp(1, 0)], ['a later one', new Timestamp(1, 1)],
  ['a regular expression', new Regex('a', '')], ['a DBPointer', new DbPointer('a', id)], ['code', new Code('a')], ['code with scope', new Code('a', bson({}) as never)], ['MaxKey', MaxKey.value],
];

describe('the order of values', () => {
  test.each(ascending.slice(1).map(([name, value], index) => [ascending[index]?.[0], name, ascending[index]?.[1], value] as const))('%s sorts before %s', (_, __, a, b) => {
    expect(compareValues(a, b)).toBeLessThan(0);
    expect(compareValues(b, a)).toBeGreaterThan(0);
  });

  test('is one order for all values', () => {
    fc.assert(fc.property(values, values, values, (a, b, c) => {
      expect(compareValues(a, a)).toBe(0);
      expect(Math.sign(compareValues(a, b))).toBe(0 - Math.sign(compareValues(b, a)));
      const [x, y, z] = [a, b, c].toSorted((one, other) => compareValues(one, other)) as [Maybe, Maybe, Maybe];
      expect(compareValues(x, z) <= 0 && compareValues(x, y) <= 0 && compareValues(y, z) <= 0).toBe(true);
    }), { numRuns: 500 });
  });

  test('takes numbers of different types for equal where their values are', () => {
    for (const other of [1, 1n, parseDecimal('1.0')]) expect(compareValues(bson(1), other)).toBe(0);
    expect(compareValues(-0, 0)).toBe(0);
    expect(compareValues(Undefined.value, undefined)).toBe(0);
    expect(compareValues(Number.NaN, parseDecimal('NaN'))).toBe(0);
  });
});

describe('a hash key', () => {
  test('is the same for two values exactly where they compare as equal', () => {
    const pairs = fc.oneof(fc.tuple(numbers, numbers), fc.tuple(values, values), values.map((value) => [value, value] as const));
    fc.assert(fc.property(pairs, ([a, b]) => {
      expect(hashKey(a) === hashKey(b)).toBe(compareValues(a, b) === 0);
    }), { numRuns: 1000 });
  });

  test('does not take one list for another', () => {
    expect(hashKey(bson(['a', 'b']))).not.toBe(hashKey(bson(['a,1:b'])));
    expect(hashKey(bson({ a: 'b' }))).not.toBe(hashKey(bson({ b: 'a' })));
  });
});
