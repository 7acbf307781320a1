import { Decimal128, type Numeric } from './bson/value.ts';
import { smallestInteger, toDecimal, toDouble } from './bson/number.ts';

/** Rounds to the numbers of a series, away from the value: the next above, or the next below. Zero stays. */
export interface PreferredNumbers {
  above(value: Numeric): Numeric;
  below(value: Numeric): Numeric;
}

/** A decade of an E series of 48 numbers and more: the powers of its root, to three digits. */
const eSeries = (count: number): number[] =>
  // One number of IEC 60063 is not what it would round to.
  Array.from({ length: count }, (_, index) => (count === 192 && index === 185 ? 920 : Math.round(100 * 10 ** (index / count))));

const list = (text: string): number[] => text.split(' ').map(Number);
const e24 = list('10 11 12 13 15 16 18 20 22 24 27 30 33 36 39 43 47 51 56 62 68 75 82 91');
const r80 = list('100 103 106 109 112 115 118 122 125 128 132 136 140 145 150 155 160 165 170 175 180 185 190 195 200 206 212 218 224 230 236 243 250 258 265 272 280 290 300 307 315 325 335 345 355 365 375 387 400 412 425 437 450 462 475 487 500 515 530 545 560 580 600 615 630 650 670 690 710 730 750 775 800 825 850 875 900 925 950 975');
const every = (numbers: readonly number[], step: number): number[] => numbers.filter((_, index) => index % step === 0);

/**
 * Decades of the series, in whole numbers: Renard's (ISO 3), those of IEC 60063, and 1-2-5.
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucketAuto/#granularity
 */
const decades: Readonly<Record<string, readonly number[]>> = {
  R5: [10, 16, 25, 40, 63], R10: every(r80, 8), R20: every(r80, 4), R40: every(r80, 2), R80: r80, '1-2-5': [10, 20, 50],
  E6: every(e24, 4), E12: every(e24, 2), E24: e24, E48: eSeries(48), E96: eSeries(96), E192: eSeries(192),
};

/** The names of the series. */
export const seriesNames: readonly string[] = [...Object.keys(decades), 'POWERSOF2'];

/** A series by its name. */
export function preferredNumbers(name: string): PreferredNumbers {
  const [up, down] = name === 'POWERSOF2' ? [nextPower, lastPower] : inDecades(decades[name] as readonly number[]);
  const as = (value: Numeric, round: (value: number) => number): Numeric => {
    const number = toDouble(value);
    const rounded = number === 0 || !Number.isFinite(number) ? number : round(number);
    if (value instanceof Decimal128) return toDecimal(rounded);
    return name === 'POWERSOF2' && Number.isInteger(rounded) && typeof value !== 'number' ? smallestInteger(BigInt(rounded)) : rounded;
  };
  return { above: (value) => as(value, up), below: (value) => as(value, down) };
}

function nextPower(value: number): number {
  const power = 2 ** Math.floor(Math.log2(value));
  return power > value ? power : power * 2;
}

function lastPower(value: number): number {
  const power = 2 ** Math.ceil(Math.log2(value));
  return power < value ? power : power / 2;
}

function inDecades(decade: readonly number[]): readonly [(value: number) => number, (value: number) => number] {
  const digits = String(decade[0]).length - 1;
  // Three decades around the value hold its neighbours, whatever its logarithm rounds to.
  const around = (value: number): number[] => {
    const exponent = Math.floor(Math.log10(value));
    return [-1, 0, 1].flatMap((step) => decade.map((number) => Number(`${number}e${exponent + step - digits}`)));
  };
  return [(value) => around(value).find((number) => number > value) as number, (value) => around(value).findLast((number) => number < value) as number];
}
