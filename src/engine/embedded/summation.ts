import { addDecimals, divideDecimals, exactParts, fromParts } from './bson/decimal.ts';
import { maxInt64, minInt64, smallestInteger, toBigInt, toDecimal, toDouble } from './bson/number.ts';
import { Decimal128, Int32, type Numeric } from './bson/value.ts';

/** A double as a decimal of 34 digits: sums keep what they have, unlike a promoted operand. */
function wideDecimal(value: number): Decimal128 {
  if (!Number.isFinite(value) || value === 0) return toDecimal(value);
  const parts = exactParts(value);
  let { coefficient, exponent } = parts;
  while (exponent < 0 && coefficient % 10n === 0n) [coefficient, exponent] = [coefficient / 10n, exponent + 1];
  return fromParts({ ...parts, coefficient, exponent });
}

/** What the expression `$avg` adds for a value: integers count as doubles there, not so in a group. */
export const averaged = (value: Numeric): Numeric => (value instanceof Decimal128 ? value : toDouble(value));

const zero = toDecimal(0n);

/**
 * A sum as the server computes it: integers exactly, doubles with what rounding took away kept beside them, decimals
 * apart. The type of the result is the widest that was added.
 */
export class Summation {
  #rank = 0;
  #whole = 0n;
  #sum = -0;
  #rest = 0;
  #special = 0;
  #isSpecial = false;
  #doubles = false;
  #decimal = zero;

  add(value: Numeric): void {
    if (value instanceof Decimal128) {
      this.#rank = 3;
      this.#decimal = addDecimals(this.#decimal, value);
    } else if (typeof value === 'number') {
      this.#rank = Math.max(this.#rank, 2);
      this.#addDouble(value);
    } else {
      if (!(value instanceof Int32)) this.#rank = Math.max(this.#rank, 1);
      this.#whole += toBigInt(value) as bigint;
    }
  }

  #addDouble(value: number): void {
    this.#doubles = true;
    if (!Number.isFinite(value)) {
      this.#isSpecial = true;
      this.#special += value;
      return;
    }
    const sum = this.#sum + value;
    const part = sum - this.#sum;
    this.#rest += this.#sum - (sum - part) + (value - part);
    this.#sum = sum;
  }

  /** All that is not decimal, as a double. */
  #double(): number {
    if (this.#isSpecial) return this.#special;
    if (!this.#doubles) return Number(this.#whole);
    if (this.#whole === 0n) return Number.isFinite(this.#sum) ? this.#sum + this.#rest : this.#sum;
    const high = Number(this.#whole);
    const low = Number(this.#whole - BigInt(high));
    const sum = this.#sum + high;
    const part = sum - this.#sum;
    return Number.isFinite(sum) ? sum + (this.#rest + (this.#sum - (sum - part) + (high - part)) + low) : sum;
  }

  #wide(): Decimal128 {
    const parts = [toDecimal(this.#whole)];
    if (this.#isSpecial || !Number.isFinite(this.#sum)) parts.push(toDecimal(this.#isSpecial ? this.#special : this.#sum));
    else if (this.#sum !== 0 || this.#rest !== 0) parts.push(wideDecimal(this.#sum), wideDecimal(this.#rest));
    return parts.reduce(addDecimals, this.#decimal);
  }

  result(): Numeric {
    if (this.#rank === 3) return this.#wide();
    if (this.#rank === 2) return this.#double();
    if (this.#whole < minInt64 || this.#whole > maxInt64) return Number(this.#whole);
    return this.#rank === 1 ? this.#whole : smallestInteger(this.#whole);
  }

  /** The sum divided by how many there were. */
  average(count: number): Numeric {
    return this.#rank === 3 ? divideDecimals(this.#wide(), toDecimal(BigInt(count))) : this.#double() / count;
  }
}
