import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDecimals, decimalFromDouble, decimalToBigInt, divideDecimals, formatDecimal, multiplyDecimals, parseDecimal, quantized, remainderDecimals, type RoundingMode,
} from '../../../../src/engine/embedded/bson/decimal.ts';
import type { Decimal128 } from '../../../../src/engine/embedded/bson/value.ts';
import { decimals } from './random.ts';

const decimal = (text: string): Decimal128 => parseDecimal(text) as Decimal128;

describe('a decimal', () => {
  test.each([
    ['1', '1'], ['-0', '-0'], ['1.50', '1.50'], ['0.001', '0.001'], ['1E+3', '1E+3'], ['1e-7', '1E-7'], ['0.0000001', '1E-7'], ['123456789E-3', '123456.789'],
    ['Infinity', 'Infinity'], ['-inf', '-Infinity'], ['nan', 'NaN'], ['.5', '0.5'], ['5.', '5'], ['1E+6144', '1.000000000000000000000000000000000E+6144'], ['1E+6145', 'Infinity'], ['0E+9999', '0E+6111'],
    ['12345678901234567890123456789012345', '1.234567890123456789012345678901234E+34'], ['0.99999999999999999999999999999999999', '1.000000000000000000000000000000000'],
  ])('%s is written %s', (text, written) => {
    expect(formatDecimal(decimal(text))).toBe(written);
  });

  test.each(['', 'e1', '1e', '1.2.3', '--1', '0x1', ' 1', 'infinit'])('%j is none', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test('is read from what is written of it', () => {
    fc.assert(fc.property(decimals, (some) => {
      expect(decimal(formatDecimal(some)).bytes).toEqual(some.bytes);
    }));
  });
});

describe('decimal arithmetic', () => {
  const calculate = { '+': addDecimals, '*': multiplyDecimals, '/': divideDecimals, '%': remainderDecimals } as const;

  test.each([
    ['0.1', '+', '0.2', '0.3'], ['1.10', '+', '2.2', '3.30'], ['1E+40', '+', '1', '1.000000000000000000000000000000000E+40'], ['Infinity', '+', '-Infinity', 'NaN'],
    ['1.20', '*', '3', '3.60'], ['0', '*', 'Infinity', 'NaN'], ['1', '/', '3', '0.3333333333333333333333333333333333'], ['2', '/', '3', '0.6666666666666666666666666666666667'],
    ['10', '/', '4', '2.5'], ['1', '/', '0', 'Infinity'], ['0', '/', '0', 'NaN'], ['6.0', '/', '2', '3.0'], ['-7', '%', '3', '-1'], ['5.5', '%', '0.3', '0.1'], ['5', '%', '0', 'NaN'],
  ] as const)('%s %s %s is %s', (a, operator, b, result) => {
    expect(formatDecimal(calculate[operator](decimal(a), decimal(b)))).toBe(result);
  });

  test('rounds half to even', () => {
    const digits = '1000000000000000000000000000000000';
    expect(formatDecimal(addDecimals(decimal(`${digits}`), decimal('0.5')))).toBe(digits);
    expect(formatDecimal(addDecimals(decimal(`${digits.slice(0, -1)}1`), decimal('0.5')))).toBe(`${digits.slice(0, -1)}2`);
  });

  test('of whole numbers is exact', () => {
    const whole = fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n });
    fc.assert(fc.property(whole, whole, (a, b) => {
      expect(decimalToBigInt(addDecimals(decimal(`${a}`), decimal(`${b}`)))).toBe(a + b);
      expect(decimalToBigInt(multiplyDecimals(decimal(`${a}`), decimal(`${b}`)))).toBe(a * b);
      if (b !== 0n) expect(decimalToBigInt(remainderDecimals(decimal(`${a}`), decimal(`${b}`)))).toBe(a % b);
    }));
  });

  test('takes a double for its first 15 digits', () => {
    expect([0.1, 2.5, 1e20, 1 / 3].map((value) => formatDecimal(decimalFromDouble(value)))).toEqual(['0.100000000000000', '2.50000000000000', '1.00000000000000E+20', '0.333333333333333']);
  });

  test('is written with another exponent, rounded where it must be, where it still fits', () => {
    const written = (text: string, exponent: number, mode: RoundingMode): string | undefined => {
      const result = quantized(decimal(text), exponent, mode);
      return result && formatDecimal(result);
    };
    expect(written('1.5', 0, 'half-even')).toBe('2');
    expect(written('-2.5', 0, 'half-even')).toBe('-2');
    expect(written('1.1', -3, 'down')).toBe('1.100');
    expect(written('1E-6000', 0, 'ceil')).toBe('1');
    expect(written('-1E-6000', 0, 'floor')).toBe('-1');
    expect(written('1E+40', 0, 'down')).toBeUndefined();
  });
});
