import { formatDecimal } from './bson/decimal.ts';
import { Decimal128, Int32, Undefined, type Maybe, type Numeric } from './bson/value.ts';

/** What expressions take for no value: missing, null and the old BSON undefined. */
export const isNullish = (value: Maybe): value is null | undefined | Undefined => value === undefined || value === null || value instanceof Undefined;

/** A number as `$toString` writes it: with the fewest digits that tell it, and an exponent from 10^16 and below 10^-4. */
export function numberText(value: Numeric): string {
  if (value instanceof Decimal128) return formatDecimal(value);
  if (typeof value !== 'number') return String(value instanceof Int32 ? value.value : value);
  return Object.is(value, -0) ? '-0' : withExponent(value.toExponential(), 16) ?? String(value);
}

/** A number as operators on text take it: a double with six digits, as C's `%g` writes it. */
export function generalText(value: Numeric): string {
  if (typeof value !== 'number') return numberText(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const scientific = value.toExponential(5).replace(/\.?0+(?=e)/, '');
  return withExponent(scientific, 6) ?? String(Number(scientific));
}

/** `1e-7` as C writes it, `1e-07`; undefined where it is written without an exponent. */
function withExponent(scientific: string, largest: number): string | undefined {
  const [mantissa, exponent] = scientific.split('e') as [string, string | undefined];
  const power = Number(exponent);
  if (exponent === undefined || (power >= -4 && power < largest)) return undefined;
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** True for a decimal, which makes a result decimal. */
export const isDecimal = (value: Maybe): value is Decimal128 => value instanceof Decimal128;
