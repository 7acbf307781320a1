import { divideDecimals, negateDecimal } from './bson/decimal.ts';
import { int32 } from './bson/decode.ts';
import { isFiniteValue, isNaNValue, toDecimal, toDouble } from './bson/number.ts';
import { Decimal128, Int32, type Numeric } from './bson/value.ts';
import { Summation } from './summation.ts';

function negative(value: Numeric): Numeric {
  if (value instanceof Int32) return int32(-value.value);
  return value instanceof Decimal128 ? negateDecimal(value) : (-value as Numeric);
}

/** A sum from which values can be taken again. What is not finite is counted beside it, for it could not be taken from a sum. */
export class RunningSum {
  #total = new Summation();
  #decimals = 0;
  readonly #special = { nan: 0, above: 0, below: 0 };

  add(value: Numeric): void {
    this.#count(value, 1);
  }

  remove(value: Numeric): void {
    this.#count(value, -1);
  }

  #count(value: Numeric, by: 1 | -1): void {
    if (value instanceof Decimal128) this.#decimals += by;
    const number = toDouble(value);
    if (isNaNValue(value)) this.#special.nan += by;
    else if (!isFiniteValue(value)) this.#special[number > 0 ? 'above' : 'below'] += by;
    else this.#total.add(by === 1 ? value : negative(value));
  }

  result(): Numeric {
    const { nan, above, below } = this.#special;
    const asNeeded = (number: number): Numeric => (this.#decimals > 0 ? toDecimal(number) : number);
    if (nan > 0 || (above > 0 && below > 0)) return asNeeded(Number.NaN);
    if (above > 0 || below > 0) return asNeeded(above > 0 ? Infinity : -Infinity);
    const sum = this.#total.result();
    return sum instanceof Decimal128 && this.#decimals === 0 ? toDouble(sum) : sum;
  }
}

/** A mean from which values can be taken again; undefined of none. */
export class RunningMean {
  readonly #sum = new RunningSum();
  #count = 0;

  add(value: Numeric): void {
    this.#sum.add(value);
    this.#count++;
  }

  remove(value: Numeric): void {
    this.#sum.remove(value);
    this.#count--;
  }

  result(): Numeric | undefined {
    if (this.#count === 0) return undefined;
    const sum = this.#sum.result();
    return sum instanceof Decimal128 ? divideDecimals(sum, toDecimal(BigInt(this.#count))) : toDouble(sum) / this.#count;
  }
}
