import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareDecimals, formatDecimal, multiplyDecimals, parseDecimal } from '../../../../src/engine/embedded/bson/decimal.ts';
import { expDecimal, lnDecimal, log10Decimal, powDecimal, sqrtDecimal } from '../../../../src/engine/embedded/bson/decimal-math.ts';
import { toDouble } from '../../../../src/engine/embedded/bson/number.ts';
import type { Decimal128 } from '../../../../src/engine/embedded/bson/value.ts';

const decimal = (text: string): Decimal128 => parseDecimal(text) as Decimal128;

describe('decimal functions', () => {
  test.each<readonly [string, (value: Decimal128) => Decimal128, string, string]>([
    ['sqrt', sqrtDecimal, '4', '2'], ['sqrt', sqrtDecimal, '0.25', '0.5'], ['sqrt', sqrtDecimal, '2', '1.414213562373095048801688724209698'], ['sqrt', sqrtDecimal, '-1', 'NaN'], ['sqrt', sqrtDecimal, '1E+3', '31.62277660168379331998893544432719'],
    ['exp', expDecimal, '0', '1'], ['exp', expDecimal, '1', '2.718281828459045235360287471352662'], ['exp', expDecimal, '-1', '0.3678794411714423215955237701614609'], ['exp', expDecimal, '99999', 'Infinity'], ['exp', expDecimal, '-Infinity', '0'],
    ['ln', lnDecimal, '1', '0'], ['ln', lnDecimal, '10', '2.302585092994045684017991454684364'], ['ln', lnDecimal, '2', '0.6931471805599453094172321214581766'], ['ln', lnDecimal, '0', '-Infinity'], ['ln', lnDecimal, '1E-6176', '-14220.76553433122614449511522413063'],
    ['log10', log10Decimal, '1000', '3'], ['log10', log10Decimal, '0.01', '-2'], ['log10', log10Decimal, '2', '0.3010299956639811952137388947244930'],
  ])('%s(%s)', (_, compute, value, result) => {
    expect(formatDecimal(compute(decimal(value)))).toBe(result);
  });

  test.each([['2', '10', '1024.000000000000000000000000000000'], ['2', '-1', '0.5000000000000000000000000000000000'], ['2', '0.5', '1.414213562373095048801688724209698'], ['-2', '3', '-8.000000000000000000000000000000000'], ['-2', '0.5', 'NaN'], ['0', '0', '1'], ['0.5', 'Infinity', '0E-6176'], ['1.1', '300', '2617010996188.399907017032528972038']])('pow(%s, %s) is %s', (base, power, result) => {
    expect(formatDecimal(powDecimal(decimal(base), decimal(power)))).toBe(result);
  });

  test('a root times itself is the number again, but for the last digit', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 34n - 1n }), (value) => {
      const root = sqrtDecimal(decimal(`${value}`));
      expect(toDouble(multiplyDecimals(root, root))).toBeCloseTo(Number(value), -Math.log10(Number(value)) + 14);
    }));
  });

  test('exp undoes ln', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), (value) => {
      const back = expDecimal(lnDecimal(decimal(`${value}`)));
      const [low, high] = [decimal(`${value - 1e-9}`), decimal(`${value + 1e-9}`)];
      expect(compareDecimals(back, low) > 0 && compareDecimals(back, high) < 0).toBe(true);
    }));
  });
});
