import { toDouble } from '../bson/number.ts';
import { isNumeric } from '../bson/value.ts';
import { parseExpression } from '../expression.ts';
import type { ParseWindow, WindowFamily } from '../window.ts';

/** Of two expressions' values; documents where one is not a number do not count. */
const covariance = (sample: boolean): ParseWindow => (argument, { context }) => {
  const pair = parseExpression(argument, context);
  return ({ scopes, frame }) => {
    const points = scopes.map((scope): readonly [number, number] | undefined => {
      const value = pair(scope);
      if (!Array.isArray(value) || value.length !== 2) return undefined;
      const [x, y] = value;
      return isNumeric(x) && isNumeric(y) ? [toDouble(x), toDouble(y)] : undefined;
    });
    return scopes.map((_, index) => {
      const [from, to] = frame(index);
      let [count, meanX, meanY, products] = [0, 0, 0, 0];
      for (let at = from; at < to; at++) {
        const point = points[at];
        if (!point) continue;
        count++;
        const before = point[0] - meanX;
        meanX += before / count;
        meanY += (point[1] - meanY) / count;
        products += before * (point[1] - meanY);
      }
      const by = sample ? count - 1 : count;
      return by <= 0 ? null : products / by;
    });
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/covariancePop/ */
export const windows: WindowFamily = { $covariancePop: covariance(false), $covarianceSamp: covariance(true) };
