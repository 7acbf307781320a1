import { toDouble } from './bson/number.ts';
import type { Numeric } from './bson/value.ts';

/** Collects a standard deviation, of a sample or of all: Welford's algorithm, in doubles. */
export function deviations(sample: boolean): { add(value: Numeric): void; result(): number | null } {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add(value) {
      const number = toDouble(value);
      count++;
      const delta = number - mean;
      mean += delta / count;
      squares += delta * (number - mean);
    },
    result() {
      const by = sample ? count - 1 : count;
      return by <= 0 ? null : Math.sqrt(squares / by);
    },
  };
}
