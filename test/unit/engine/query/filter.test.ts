import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseDecimal } from '../../../../src/engine/embedded/bson/decimal.ts';
import { encodeDocument } from '../../../../src/engine/embedded/bson/encode.ts';
import { createCollation } from '../../../../src/engine/embedded/bson/collation.ts';
import { Binary, Doc, MaxKey, MinKey, Regex, Undefined, type Value } from '../../../../src/engine/embedded/bson/value.ts';
import { loadExpressions } from '../../../../src/engine/embedded/expression.ts';
import { parseFilter } from '../../../../src/engine/embedded/query/filter.ts';
import { docs } from '../bson/random.ts';
import { context, doc, refusal } from '../values.ts';

beforeAll(loadExpressions);

const matches = (query: Doc, document: Doc): boolean => parseFilter(query, context()).matches(encodeDocument(document));
const wrong = (query: Record<string, unknown>): string => refusal(() => parseFilter(doc(query), context()));

type Case = readonly [query: Record<string, unknown>, document: Record<string, unknown>];

const matching: readonly Case[] = [
  [{}, { a: 1 }],
  // Null means missing too, but not the old undefined.
  [{ a: null }, { a: null }], [{ a: null }, {}], [{ 'a.b': null }, { a: 5 }], [{ 'a.b': null }, { a: [{ b: 1 }, {}] }], [{ a: { $gte: null } }, {}], [{ a: { $in: [null] } }, {}],
  // Numbers compare across types, exactly.
  [{ a: 1n }, { a: 1 }], [{ a: parseDecimal('1.0') }, { a: 1 }], [{ a: { $gt: 2 ** 53 } }, { a: 2n ** 53n + 1n }], [{ a: { $lt: 0.1 } }, { a: parseDecimal('0.1') }],
  [{ a: Number.NaN }, { a: Number.NaN }], [{ a: { $gte: Number.NaN } }, { a: parseDecimal('NaN') }],
  // Arrays are searched, and are themselves.
  [{ a: 2 }, { a: [1, 2] }], [{ a: [1, 2] }, { a: [1, 2] }], [{ a: [1, 2] }, { a: [[1, 2], 3] }], [{ 'a.b': 2 }, { a: [{ b: 1 }, { b: [3, 2] }] }], [{ 'a.1': 2 }, { a: [1, 2] }],
  [{ 'a.0.b': 1 }, { a: [{ b: 1 }] }], [{ 'a.0': { $exists: true } }, { a: [1] }], [{ 'a.1': [2, 4] }, { a: [5, [2, 4]] }], [{ a: { $gt: [1] } }, { a: [2] }], [{ 'a.0.1': 2 }, { a: [[1, 2]] }],
  // Each condition may be met by another item.
  [{ a: { $gt: 5, $lt: 3 } }, { a: [1, 9] }], [{ 'a.x': 1, 'a.y': 2 }, { a: [{ x: 1 }, { y: 2 }] }],
  [{ a: { $elemMatch: { $gt: 5, $lt: 10 } } }, { a: [1, 7] }], [{ a: { $elemMatch: { x: 1, y: 2 } } }, { a: [{ x: 1, y: 2 }] }], [{ a: { $elemMatch: { 0: 7 } } }, { a: [[7]] }],
  [{ a: { $elemMatch: { $or: [{ x: 1 }, { y: 1 }] } } }, { a: [{ y: 1 }] }], [{ a: { $elemMatch: { $elemMatch: { $eq: 1 } } } }, { a: [[1]] }],
  [{ a: { $all: [1, 2] } }, { a: [2, 1, 3] }], [{ a: { $all: [1] } }, { a: 1 }], [{ a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } }, { a: [{ x: 1 }, { x: 2 }] }],
  [{ a: { $size: 2 } }, { a: [1, [2]] }], [{ a: { $size: 0 } }, { a: [] }],
  [{ a: { $ne: 1 } }, {}], [{ a: { $nin: [1, null] } }, { a: 2 }], [{ a: { $not: { $gt: 5 } } }, { a: 'text' }], [{ a: { $not: /x/ } }, { a: 'abc' }], [{ $nor: [{ a: 1 }, { b: 1 }] }, { a: 2 }],
  [{ a: { $exists: false } }, {}], [{ 'a.b': { $exists: false } }, { a: [] }], [{ a: { $type: 'number' } }, { a: 1n }], [{ a: { $type: ['string', 8] } }, { a: true }], [{ a: { $type: 'array' } }, { a: [] }],
  [{ a: { $type: 'string' } }, { a: [1, 'x'] }],
  [{ a: { $mod: [4, 1] } }, { a: 5.9 }], [{ a: { $mod: [3, -1] } }, { a: -4 }], [{ a: /b$/i }, { a: 'aB' }], [{ a: { $regex: 'B', $options: 'i' } }, { a: ['x', 'abc'] }], [{ a: /x/ }, { a: /x/ }],
  [{ a: { $in: [/^b/, 1] } }, { a: 'bc' }], [{ a: { $in: [[1]] } }, { a: [1] }],
  [{ a: { $bitsAllSet: [0, 2] } }, { a: 5 }], [{ a: { $bitsAnyClear: 4 } }, { a: 3 }], [{ a: { $bitsAllSet: [200] } }, { a: -1 }], [{ a: { $bitsAllSet: new Binary(0, new Uint8Array([2])) } }, { a: new Binary(0, new Uint8Array([3])) }],
  [{ a: { $gt: MinKey.value } }, { a: 'x' }], [{ a: { $lt: MaxKey.value } }, {}], [{ a: new Date(0) }, { a: new Date(0) }], [{ a: { $lt: new Date(1) } }, { a: new Date(-1) }],
  [{ a: { x: 1, y: 2 } }, { a: { x: 1, y: 2 } }], [{ a: { $gt: { x: 1 } } }, { a: { x: 1, y: 0 } }],
  [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }], [{ $jsonSchema: { required: ['a'] } }, { a: 1 }], [{ $comment: 'why', a: 1 }, { a: 1 }], [{ $alwaysTrue: 1 }, {}], [{ $sampleRate: 1 }, {}],
  [{ a: { $eq: { $ref: 'c', $id: 1 } } }, { a: { $ref: 'c', $id: 1 } }],
];

const others: readonly Case[] = [
  [{ a: null }, { a: Undefined.value }], [{ 'a.b': null }, { a: [1, 2] }], [{ 'a.b': null }, { a: [] }], [{ a: null }, { a: [] }], [{ a: { $gt: null } }, { a: null }],
  [{ a: 2 ** 53 }, { a: 2n ** 53n + 1n }], [{ a: 0.1 }, { a: parseDecimal('0.1') }], [{ a: { $lt: 5 } }, { a: Number.NaN }], [{ a: { $lte: 5 } }, { a: Number.NaN }],
  // Ranges stay within a type.
  [{ a: { $gt: 5 } }, { a: 'text' }], [{ a: { $lt: 'b' } }, { a: 1 }], [{ a: { $lt: new Date(1) } }, { a: 0 }], [{ a: { $gte: 0 } }, { a: null }],
  [{ a: 1 }, { a: [[1]] }], [{ 'a.b': 1 }, { a: [[{ b: 1 }]] }], [{ 'a.1': 2 }, { a: [5, [2, 4]] }], [{ a: { $elemMatch: { $gt: 5 } } }, { a: [[6]] }], [{ a: { $elemMatch: { $gt: 5 } } }, { a: 6 }],
  [{ a: { $elemMatch: { x: 1, y: 2 } } }, { a: [{ x: 1 }, { y: 2 }] }], [{ a: { $all: [] } }, { a: [] }], [{ a: { $size: 2 } }, { a: 'xy' }],
  [{ a: { $ne: 1 } }, { a: [1, 2] }], [{ a: { $nin: [null] } }, {}], [{ a: { $not: { $gt: 5 } } }, { a: [1, 6] }], [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }], [{ a: { x: 1 } }, { a: { x: 1, y: 2 } }],
  [{ a: /x/ }, { a: 5 }], [{ a: { $mod: [4, 1] } }, { a: Number.NaN }], [{ a: { $bitsAllSet: 1 } }, { a: 1.5 }], [{ a: { $exists: true } }, {}], [{ a: { $eq: /x/ } }, { a: 'x' }], [{ $alwaysFalse: 1 }, {}],
  [{ a: true }, { a: 1 }], [{ a: '1' }, { a: 1 }],
];

describe('a query', () => {
  test.each(matching.map(([query, document]) => [JSON.stringify(query, show), JSON.stringify(document, show), query, document] as const))('%s finds %s', (_, __, query, document) => {
    expect(matches(doc(query), doc(document))).toBe(true);
    expect(parseFilter(doc(query), context()).matchesDoc(doc(document))).toBe(true);
  });

  test.each(others.map(([query, document]) => [JSON.stringify(query, show), JSON.stringify(document, show), query, document] as const))('%s does not find %s', (_, __, query, document) => {
    expect(matches(doc(query), doc(document))).toBe(false);
    expect(parseFilter(doc(query), context()).matchesDoc(doc(document))).toBe(false);
  });

  test('finds the same in bytes as in a decoded document', () => {
    fc.assert(fc.property(docs, docs, fc.constantFrom('$eq', '$gte', '$lt', '$ne'), (document, other, operator) => {
      for (const [name, value] of [...document, ...other]) {
        if (name.startsWith('$') || value instanceof Regex) continue;
        const filter = parseFilter(new Doc([[name, new Doc([[operator, value]])]]), context());
        expect(filter.matches(encodeDocument(document))).toBe(filter.matchesDoc(document));
      }
    }));
  });

  test('compares strings by a collation where there is one', () => {
    const filter = parseFilter(doc({ a: { $in: ['ÉCOLE'] } }), context(createCollation({ locale: 'fr', strength: 1 })));
    expect(filter.matchesDoc(doc({ a: 'ecole' }))).toBe(true);
  });

  test('finds the same by many values at once as one by one', () => {
    const values = fc.constantFrom<Value>(1, 2n, 'a', 'A', null, true, [1], [1, 2], doc({ x: 1 }), Number.NaN, parseDecimal('1.0') as Value);
    const documents = fc.oneof(values.map((a) => doc({ a })), fc.array(values).map((a) => doc({ a })), fc.constant(doc({})), fc.array(values).map((items) => doc({ a: items.map((b) => doc({ b })) })));
    const collations = fc.constantFrom(undefined, createCollation({ locale: 'en', strength: 2 }));
    fc.assert(fc.property(fc.array(values, { minLength: 16, maxLength: 24 }), documents, fc.constantFrom('a', 'a.b', 'a.0'), collations, (operands, document, path, collation) => {
      const found = (query: Record<string, unknown>): [boolean, number | undefined] => {
        const filter = parseFilter(doc(query), context(collation));
        expect(filter.matches(encodeDocument(document))).toBe(filter.matchesDoc(document));
        return [filter.matchesDoc(document), filter.matchedIndex(document)];
      };
      const each = operands.map((operand) => ({ [path]: { $eq: operand } }));
      const [half, rest] = [each.slice(0, 8), each.slice(8)];
      expect(found({ [path]: { $all: operands } })[0]).toBe(found({ $and: each })[0]);
      // In two halves they are too few to be asked at once.
      expect(found({ $or: each })[0]).toBe(found({ $or: [{ $or: half }, { $or: rest.slice(0, 8) }, { $or: [...rest.slice(8), half[0]] }] })[0]);
    }));
  });

  test('tells the index of the item that matched, of several conditions that of the last', () => {
    const index = (query: Record<string, unknown>, document: Record<string, unknown>): number | undefined => parseFilter(doc(query), context()).matchedIndex(doc(document));
    expect(index({ a: 3 }, { a: [1, 3] })).toBe(1);
    expect(index({ 'a.b': { $gte: 5 } }, { a: [{ b: 1 }, { b: [0, 9] }] })).toBe(1);
    expect(index({ a: { $elemMatch: { $gt: 1 } } }, { a: [1, 2] })).toBe(1);
    expect(index({ a: { $gt: 1, $lt: 5 } }, { a: [1, 2] })).toBe(1);
    expect(index({ 'a.1': 3 }, { a: [1, 3] })).toBeUndefined();
    expect(index({ $or: [{ a: 3 }, { b: 1 }] }, { a: [1, 3] })).toBeUndefined();
    expect(index({ $or: [{ a: 9 }, { a: 3 }] }, { a: [1, 3] })).toBe(1);
  });
});

/** Bytes and big numbers, for the names of tests. */
function show(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value instanceof RegExp ? String(value) : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

describe('a wrong query is refused', () => {
  test.each([
    [{ a: { $foo: 1 } }, '2: unknown operator: $foo'],
    [{ $foo: 1 }, "2: unknown top level operator: $foo. If you have a field name that starts with a '$' symbol, consider using $getField or $setField."],
    [{ a: { $in: 1 } }, '2: $in needs an array'], [{ a: { $nin: {} } }, '2: $nin needs an array'], [{ a: { $in: [{ $gt: 1 }] } }, '2: cannot nest $ under $in'],
    [{ $and: [] }, '2: $and/$or/$nor must be a nonempty array'], [{ $or: {} }, '2: $or must be an array'], [{ $nor: [1] }, '2: $or/$and/$nor entries need to be full objects'],
    [{ a: { $not: 1 } }, '2: $not needs a regex or a document'], [{ a: { $not: {} } }, '2: $not cannot be empty'], [{ a: { $elemMatch: 1 } }, '2: $elemMatch needs an Object'],
    [{ a: { $size: -1 } }, '2: Failed to parse $size. Expected a non-negative number in: $size: -1'], [{ a: { $all: 1 } }, '2: $all needs an array'], [{ a: { $mod: [0, 1] } }, '2: divisor cannot be 0'],
    [{ a: { $options: 'i' } }, '2: $options needs a $regex'], [{ a: { $regex: 1 } }, '2: $regex has to be a string'], [{ a: { $regex: '(' } }, '51091: Regular expression is invalid: missing closing parenthesis'],
    [{ a: { $regex: /a/i, $options: 'm' } }, '51075: options set in both $regex and $options'], [{ a: { $gt: /x/ } }, "2: Can't have RegEx as arg to predicate over field 'a'."],
    [{ a: { $type: 'what' } }, '2: Unknown type name alias: what'], [{ a: { $elemMatch: { $expr: true } } }, '2: $expr can only be applied to the top-level document'],
    [{ $where: 'true' }, '2: no globalScriptEngine in $where parsing'], [{ $text: { $search: 'x' } }, '27: text index required for $text query'], [{ $jsonSchema: 1 }, '14: $jsonSchema must be an object'],
    [{ $sampleRate: 2 }, '2: numeric argument to $sampleRate must be in [0, 1]'], [{ $alwaysTrue: 2 }, '9: $alwaysTrue must be an integer value of 1'], [{ a: { $bitsAllSet: -1 } }, '9: Expected a non-negative number in: $bitsAllSet: -1'],
  ])('%j', (query, refused) => {
    expect(wrong(query)).toBe(refused);
  });
});
