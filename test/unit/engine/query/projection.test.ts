import { beforeAll, describe, expect, test } from 'vitest';
import type { Doc } from '../../../../src/engine/embedded/bson/value.ts';
import { loadExpressions } from '../../../../src/engine/embedded/expression.ts';
import { parseFilter } from '../../../../src/engine/embedded/query/filter.ts';
import { parseProjection } from '../../../../src/engine/embedded/query/projection.ts';
import { context, doc, refusal } from '../values.ts';

beforeAll(loadExpressions);

type Fields = Record<string, unknown>;

function project(projection: Fields, document: Fields, query: Fields = {}): Doc {
  const filter = parseFilter(doc(query), context());
  const parsed = parseProjection(doc(projection), context(), { find: true, filter });
  return parsed.apply(doc(document), filter.matchedIndex(doc(document)));
}

/** Documents are equal with their fields in the same order only. */
const inOrder = (value: unknown): unknown => (value instanceof Map ? [...value].map(([name, item]) => [name, inOrder(item)]) : Array.isArray(value) ? value.map(inOrder) : value);

const document = { _id: 1, a: 1, b: { c: 2, d: 3 }, list: [{ x: 1, y: 1 }, { x: 2, y: 2 }, 5], n: [1, 2, 3, 4] };

describe('a projection', () => {
  test.each<readonly [string, Fields, Fields]>([
    ['keeps what is named, and _id, in the order of the document', { n: 1, a: 1 }, { _id: 1, a: 1, n: [1, 2, 3, 4] }],
    ['leaves _id out where told', { a: 1, _id: 0 }, { a: 1 }],
    ['leaves out what is named', { b: 0, list: 0, n: 0 }, { _id: 1, a: 1 }],
    ['of _id alone', { _id: 1 }, { _id: 1 }],
    ['without _id alone', { _id: 0, b: 0, list: 0, n: 0 }, { a: 1 }],
    ['reaches into documents and arrays', { 'b.c': 1, 'list.x': 1 }, { _id: 1, b: { c: 2 }, list: [{ x: 1 }, { x: 2 }] }],
    ['leaves scalars in arrays where it leaves fields out', { 'list.x': 0, b: 0, n: 0, a: 0 }, { _id: 1, list: [{ y: 1 }, { y: 2 }, 5] }],
    ['may be nested', { b: { d: 1 } }, { _id: 1, b: { d: 3 } }],
    ['is an inclusion by any number but zero', { a: 5.5 }, { _id: 1, a: 1 }],
    ['with $slice keeps the other fields', { n: { $slice: -2 }, list: 0, b: 0 }, { _id: 1, a: 1, n: [3, 4] }],
    ['with $slice skips and limits', { _id: 1, n: { $slice: [1, 2] } }, { _id: 1, n: [2, 3] }],
    ['with $slice from the end', { _id: 1, n: { $slice: [-3, 2] } }, { _id: 1, n: [2, 3] }],
    ['with $elemMatch keeps the first item, behind the others', { list: { $elemMatch: { x: { $gt: 1 } } }, n: 1 }, { _id: 1, n: [1, 2, 3, 4], list: [{ x: 2, y: 2 }] }],
    ['with $elemMatch that matches nothing', { n: { $elemMatch: { $gt: 9 } } }, { _id: 1 }],
    ['computes', { sum: { $add: ['$a', '$b.c'] }, 'b.e': '$a', b2: 'text' }, { _id: 1, b: { e: 1 }, sum: 3, b2: 'text' }],
  ])('%s', (_, projection, result) => {
    expect(inOrder(project(projection, document))).toEqual(inOrder(doc(result)));
  });

  test('with $ keeps the item that the query found', () => {
    expect(project({ 'n.$': 1 }, document, { n: { $gte: 3 } })).toEqual(doc({ _id: 1, n: [3] }));
    expect(project({ 'list.$': 1 }, document, { 'list.x': 2 })).toEqual(doc({ _id: 1, list: [{ x: 2, y: 2 }] }));
    expect(refusal(() => project({ 'n.$': 1 }, document, { a: 1 }))).toMatch(/^51246: /);
    expect(refusal(() => project({ 'list.$': 1 }, document, { n: 4 }))).toMatch(/^51247: /);
  });
});

describe('a wrong projection is refused', () => {
  test.each<readonly [Fields, string]>([
    [{ a: 1, b: 0 }, '31254: Cannot do exclusion on field b in inclusion projection'], [{ a: 0, b: 1 }, '31253: Cannot do inclusion on field b in exclusion projection'],
    [{ a: 1, 'a.b': 1 }, '31249: Path collision at a.b remaining portion b'], [{ 'a.b': 1, a: 1 }, '31250: Path collision at a'], [{ '': 1 }, '40352: FieldPath cannot be constructed with empty string'],
    [{ 'a.': 1 }, "40353: FieldPath must not end with a '.'."], [{ $a: 1 }, "16410: FieldPath field names may not start with '$'. Consider using $getField or $setField."], [{ a: {} }, '51270: An empty sub-projection is not a valid value. Found empty object at path a'],
    [{ a: { $nope: 1 } }, '31325: Unknown expression $nope'], [{ b: 0, a: { $add: [1, 1] } }, '31252: Cannot use expression other than $meta in exclusion projection'],
    [{ 'a.$': 1, 'b.$': 1 }, '31276: Cannot specify more than one positional projection per query.'], [{ 'a.$': 0 }, '31395: positional projection cannot be used with exclusion'], [{ 'a.$': 'x' }, '31308: positional projection cannot be used with a literal'],
    [{ a: { $elemMatch: 1 } }, '31274: elemMatch: Invalid argument, object required, but got int'], [{ 'a.b': { $elemMatch: {} } }, '31275: Cannot use $elemMatch projection on a nested field.'], [{ a: { $elemMatch: { $jsonSchema: {} } } }, '224: $jsonSchema is not allowed in this context'],
    [{ 'a.$': 1, b: { $elemMatch: {} } }, '31255: Cannot specify positional operator and $elemMatch.'],
  ])('%j', (projection, refused) => {
    expect(refusal(() => parseProjection(doc(projection), context(), { find: true, filter: parseFilter(doc({ a: 1 }), context()) }))).toBe(refused);
  });

  test('and so is what only find knows, in a pipeline', () => {
    const inPipeline = (projection: Fields): string => refusal(() => parseProjection(doc(projection), context(), { find: false }));
    expect(inPipeline({ 'a.$': 1 })).toBe('31324: Cannot use positional projection in aggregation projection');
    expect(inPipeline({ a: { $elemMatch: {} } })).toMatch(/^168: /);
  });
});
