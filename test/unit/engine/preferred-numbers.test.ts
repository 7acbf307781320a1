import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDouble } from '../../../src/engine/embedded/bson/number.ts';
import { preferredNumbers, seriesNames } from '../../../src/engine/embedded/preferred-numbers.ts';

describe('preferred numbers', () => {
  test.each(seriesNames)('%s: a value lies between its neighbours, and they are each other\'s', (name) => {
    const series = preferredNumbers(name);
    fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
      const [below, above] = [toDouble(series.below(value)), toDouble(series.above(value))];
      expect(below).toBeLessThan(value);
      expect(above).toBeGreaterThan(value);
      expect(toDouble(series.below(above))).toBeLessThanOrEqual(value);
      expect(toDouble(series.above(below))).toBeGreaterThanOrEqual(value);
    }));
  });

  test('decades are those of the standards', () => {
    const walk = (name: string): number[] => {
      const numbers = [1];
      while ((numbers.at(-1) as number) < 10) numbers.push(toDouble(preferredNumbers(name).above(numbers.at(-1) as number)));
      return numbers;
    };
    expect(walk('E6')).toEqual([1, 1.5, 2.2, 3.3, 4.7, 6.8, 10]);
    expect(walk('R5')).toEqual([1, 1.6, 2.5, 4, 6.3, 10]);
    expect(walk('1-2-5')).toEqual([1, 2, 5, 10]);
    expect(['E48', 'E96', 'E192', 'R80'].map((name) => walk(name).length - 1)).toEqual([48, 96, 192, 80]);
  });
});
