import { divideDecimals } from '../bson/decimal.ts';
import { isFiniteValue, multiply, subtract, toDecimal, toDouble } from '../bson/number.ts';
import { Decimal128, isNumeric, type Maybe, type Numeric } from '../bson/value.ts';
import { parseExpression } from '../expression.ts';
import { RunningMean, RunningSum } from '../running-sum.ts';
import type { ParseWindow, WindowFamily } from '../window.ts';
import { slide, type Sliding } from '../window-slide.ts';

type Point = readonly [Numeric, Numeric];

const minus = (a: Numeric, b: Numeric): Numeric => subtract(a, b) ?? toDouble(a) - toDouble(b);
const times = (a: Numeric, b: Numeric): Numeric => multiply(a, b) ?? toDouble(a) * toDouble(b);

/** What a point that is not finite adds to the sum of products: its infinity, or NaN where it has two signs or a NaN. */
function special(point: Point): Numeric {
  const signs = new Set(point.filter((value) => !isFiniteValue(value)).map(toDouble));
  const number = signs.size === 1 ? ([...signs][0] as number) : Number.NaN;
  return point.some((value) => value instanceof Decimal128) ? toDecimal(number) : number;
}

/** The covariance of points that come and go, by the online algorithm: https://en.wikipedia.org/wiki/Algorithms_for_calculating_variance#Online */
function covarianceOf(points: readonly (Point | undefined)[], sample: boolean): Sliding {
  let [meanX, meanY, products] = [new RunningMean(), new RunningMean(), new RunningSum()];
  let count = 0;
  const product = (x: Numeric, y: Numeric, mean: Numeric | undefined): Numeric | undefined => {
    const other = meanY.result();
    return mean === undefined || other === undefined ? undefined : times(minus(x, mean), minus(y, other));
  };
  return {
    add(index) {
      const point = points[index];
      if (!point) return;
      if (!point.every(isFiniteValue)) return products.add(special(point));
      const before = meanX.result();
      count++;
      meanX.add(point[0]);
      meanY.add(point[1]);
      const moved = product(point[0], point[1], before);
      if (moved !== undefined) products.add(moved);
    },
    remove(index) {
      const point = points[index];
      if (!point) return;
      if (!point.every(isFiniteValue)) return products.remove(special(point));
      if (--count === 0) {
        [meanX, meanY, products] = [new RunningMean(), new RunningMean(), new RunningSum()];
        return;
      }
      meanX.remove(point[0]);
      const moved = product(point[0], point[1], meanX.result());
      if (moved !== undefined) products.remove(moved);
      meanY.remove(point[1]);
    },
    result() {
      if (count === 1 && !sample) return 0;
      const by = sample ? count - 1 : count;
      if (by <= 0) return null;
      const sum = products.result();
      return sum instanceof Decimal128 ? divideDecimals(sum, toDecimal(by)) : toDouble(sum) / by;
    },
  };
}

/** Of two expressions' values; documents where one is not a number do not count. */
const covariance = (sample: boolean): ParseWindow => (argument, { context }) => {
  const pair = parseExpression(argument, context);
  return (partition) => {
    const points = partition.scopes.map((scope): Point | undefined => {
      const value: Maybe = pair(scope);
      if (!Array.isArray(value) || value.length !== 2) return undefined;
      const [x, y] = value;
      return isNumeric(x) && isNumeric(y) ? [x, y] : undefined;
    });
    return slide(partition, () => covarianceOf(points, sample));
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/covariancePop/ */
export const windows: WindowFamily = { $covariancePop: covariance(false), $covarianceSamp: covariance(true) };
