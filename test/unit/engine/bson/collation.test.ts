import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCollation, type Collation, type CollationOptions } from '../../../../src/engine/embedded/bson/collation.ts';
import { refusal } from '../values.ts';

const collation = (options: CollationOptions): Collation => createCollation(options) as Collation;

describe('a collation', () => {
  test.each<readonly [CollationOptions, readonly string[]]>([
    [{ locale: 'en' }, ['a', 'A', 'b']], [{ locale: 'en', caseFirst: 'upper' }, ['A', 'a', 'b']], [{ locale: 'en', numericOrdering: true }, ['x9', 'x10']], [{ locale: 'sv' }, ['a', 'z', 'ö']], [{ locale: 'de' }, ['a', 'ö', 'z']],
    [{ locale: 'fr' }, ['cote', 'coté', 'côte', 'côté']], [{ locale: 'fr', backwards: true }, ['cote', 'côte', 'coté', 'côté']], [{ locale: 'fr_CA' }, ['cote', 'côte', 'coté', 'côté']], [{ locale: 'fr_CA', backwards: false }, ['cote', 'coté', 'côte', 'côté']],
    [{ locale: 'en', strength: 4, alternate: 'shifted' }, ['a_b', 'a-b', 'ab']], [{ locale: 'en', strength: 5, numericOrdering: true }, ['007', '07', '7']],
  ])('%j sorts %j', (options, sorted) => {
    expect(sorted.toReversed().toSorted(collation(options).compare)).toEqual(sorted);
  });

  test.each<readonly [CollationOptions, string, string, boolean]>([
    [{ locale: 'en', strength: 1 }, 'Ecole', 'école', true], [{ locale: 'en', strength: 2 }, 'Ecole', 'école', false], [{ locale: 'en', strength: 2 }, 'ECOLE', 'ecole', true], [{ locale: 'en', strength: 1, caseLevel: true }, 'É', 'e', false],
    [{ locale: 'en', alternate: 'shifted' }, 'a-b c', 'abc', true], [{ locale: 'en', alternate: 'shifted', maxVariable: 'space' }, 'a b', 'ab', true], [{ locale: 'en', alternate: 'shifted', maxVariable: 'space' }, 'a-b', 'ab', false],
    [{ locale: 'en', strength: 5 }, 'ab', 'a\u200bb', false], [{ locale: 'en' }, 'ab', 'a\u200bb', true], [{ locale: 'ja', strength: 4 }, 'あ', 'ア', false], [{ locale: 'de@collation=phonebook', strength: 1 }, 'ä', 'ae', true],
  ])('%j: whether %j and %j are equal is %s, by their keys too', (options, a, b, equal) => {
    const { compare, key } = collation(options);
    expect(compare(a, b) === 0).toBe(equal);
    expect(key(a) === key(b)).toBe(equal);
  });

  test('has the same key for strings exactly where they are equal', () => {
    const { compare, key } = collation({ locale: 'en', strength: 2 });
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'é', 'e', '-', 'ß', 's', '\u0301'), maxLength: 4 });
    fc.assert(fc.property(text, text, (a, b) => {
      expect(key(a) === key(b)).toBe(compare(a, b) === 0);
    }));
  });

  test('simple is none', () => {
    expect(createCollation({ locale: 'simple' })).toBeUndefined();
  });

  test.each<readonly [CollationOptions, RegExp]>([
    [{ locale: 'nowhere' }, /^2: Field 'locale' is invalid/], [{ locale: 'en-US' }, /^2: /], [{ locale: 'en', caseFirst: 'upper', strength: 1 }, /^2: 'caseFirst' is invalid/], [{ locale: 'en', backwards: true, strength: 1 }, /^2: 'backwards' is invalid/], [{ locale: 'sv', backwards: true }, /^238: /],
  ])('%j is refused', (options, refused) => {
    expect(refusal(() => createCollation(options))).toMatch(refused);
  });
});
