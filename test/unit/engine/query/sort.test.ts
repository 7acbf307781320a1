import { describe, expect, test } from 'vitest';
import { createCollation, type Collation } from '../../../../src/engine/embedded/bson/collation.ts';
import { encodeDocument } from '../../../../src/engine/embedded/bson/encode.ts';
import { MaxKey, MinKey } from '../../../../src/engine/embedded/bson/value.ts';
import { parseSort, sortBy } from '../../../../src/engine/embedded/query/sort.ts';
import { doc, refusal } from '../values.ts';

type Fields = Record<string, unknown>;

/** The ids in order; documents are numbered as they come. */
function order(spec: Fields, documents: readonly Fields[], collation?: Collation): number[] {
  const sort = parseSort(doc(spec), collation);
  const numbered = documents.map((fields, id) => ({ id, decoded: doc(fields), bytes: encodeDocument(doc(fields)) }));
  const ids = sortBy(numbered, sort, ({ decoded }) => sort.key(decoded)).map(({ id }) => id);
  expect(sortBy(numbered, sort, ({ bytes }) => sort.rawKey(bytes)).map(({ id }) => id)).toEqual(ids);
  return ids;
}

describe('a sort', () => {
  test.each<readonly [string, Fields, readonly Fields[], number[]]>([
    ['goes by several fields', { a: 1, b: -1 }, [{ a: 2, b: 1 }, { a: 1, b: 1 }, { a: 1, b: 2 }], [2, 1, 0]],
    ['keeps the order of equals', { a: 1 }, [{ a: 1, x: 1 }, { a: 1, x: 0 }, { a: 0 }], [2, 0, 1]],
    ['puts types in their order, missing with null', { a: 1 }, [{ a: 'x' }, { a: MaxKey.value }, { a: 1 }, {}, { a: null }, { a: MinKey.value }, { a: true }, { a: {} }], [5, 3, 4, 2, 0, 7, 6, 1]],
    ['takes the smallest item of an array', { a: 1 }, [{ a: [5, 2] }, { a: 3 }, { a: [1, 9] }], [2, 0, 1]],
    ['takes the largest item of an array where descending', { a: -1 }, [{ a: [5, 2] }, { a: 3 }, { a: [1, 9] }], [2, 0, 1]],
    ['puts an empty array below null', { a: 1 }, [{ a: null }, { a: [] }], [1, 0]],
    ['reaches into documents and arrays', { 'a.b': 1 }, [{ a: [{ b: 3 }, { b: 4 }] }, { a: { b: 2 } }, { a: [{ c: 1 }] }], [2, 1, 0]],
  ])('%s', (_, spec, documents, ids) => {
    expect(order(spec, documents)).toEqual(ids);
  });

  test('goes by a collation where there is one', () => {
    expect(order({ a: 1 }, [{ a: 'b' }, { a: 'A' }, { a: 'a' }])).toEqual([1, 2, 0]);
    expect(order({ a: 1 }, [{ a: 'b' }, { a: 'A' }, { a: 'a' }], createCollation({ locale: 'en' }))).toEqual([2, 1, 0]);
    expect(order({ a: 1 }, [{ a: 'x10' }, { a: 'x9' }], createCollation({ locale: 'en', numericOrdering: true }))).toEqual([1, 0]);
  });

  test('keeps the first few where no more are wanted', () => {
    const sort = parseSort(doc({ a: 1 }));
    expect(sortBy([3, 1, 2].map((a) => doc({ a })), sort, (one) => sort.key(one), 2)).toEqual([doc({ a: 1 }), doc({ a: 2 })]);
  });

  test.each<readonly [Fields, string]>([
    [{ a: 2 }, '15975: $sort key ordering must be 1 (for ascending) or -1 (for descending)'], [{ a: 'up' }, '15974: Illegal key in $sort specification: a: "up"'], [{ '': 1 }, '40352: FieldPath cannot be constructed with empty string'], [{ $a: 1 }, "16410: FieldPath field names may not start with '$'. Consider using $getField or $setField."],
  ])('%j is refused', (spec, refused) => {
    expect(refusal(() => parseSort(doc(spec)))).toBe(refused);
  });
});
