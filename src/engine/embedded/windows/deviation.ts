import { int32 } from '../bson/decode.ts';
import { toDouble } from '../bson/number.ts';
import { isNumeric, type Maybe } from '../bson/value.ts';
import { deviations } from '../deviations.ts';
import { parseExpression } from '../expression.ts';
import { RunningSum } from '../running-sum.ts';
import type { ParseWindow, WindowFamily } from '../window.ts';
import { slide, type Sliding } from '../window-slide.ts';

/** Values that only come: as in a group. */
function growing(values: readonly Maybe[], sample: boolean): Sliding {
  const { add, result } = deviations(sample);
  return {
    add(index) {
      const value = values[index];
      if (isNumeric(value)) add(value);
    },
    remove: () => undefined,
    result,
  };
}

/** Values that come and go: of a frame that holds what is not finite there is none. */
function sliding(values: readonly Maybe[], sample: boolean): Sliding {
  let [sum, squares] = [new RunningSum(), new RunningSum()];
  let [count, special] = [0, 0];
  const change = (index: number, by: 1 | -1): void => {
    const value = values[index];
    if (!isNumeric(value)) return;
    const number = toDouble(value);
    if (!Number.isFinite(number)) {
      special += by;
    } else if (count + by === 0) {
      [sum, squares, count] = [new RunningSum(), new RunningSum(), 0];
    } else {
      const spread = count * number - toDouble(sum.result());
      const before = count;
      count += by;
      sum.add(number * by);
      if (before > 0) squares.add(((spread * spread) * by) / (count * before));
    }
  };
  return {
    add: (index) => change(index, 1),
    remove: (index) => change(index, -1),
    result() {
      const by = sample ? count - 1 : count;
      if (special > 0 || by <= 0) return null;
      const spread = toDouble(squares.result());
      return spread < 0 || (!sample && count === 1) ? int32(0) : Math.sqrt(spread / by);
    },
  };
}

const deviation = (sample: boolean): ParseWindow => (argument, { context }) => {
  const expression = parseExpression(argument, context);
  return (partition) => {
    const values = partition.scopes.map((scope) => expression(scope));
    return slide(partition, () => (partition.slides ? sliding : growing)(values, sample));
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/stdDevPop/ */
export const windows: WindowFamily = { $stdDevPop: deviation(false), $stdDevSamp: deviation(true) };
