import type { Maybe } from '../bson/value.ts';
import { parseExpression } from '../expression.ts';
import type { AccumulatorFamily, ParseAccumulator } from '../accumulator.ts';
import { percentiles, readPercentile } from '../percentiles.ts';

const percentile: ParseAccumulator = (argument, context, name, bound) => {
  const spec = readPercentile(name, argument, context);
  return {
    expression: parseExpression(spec.input, context, bound),
    begin: () => {
      const values: Maybe[] = [];
      return {
        add: (value) => values.push(value),
        result: () => (name === '$median' ? (percentiles(spec, values)[0] ?? null) : percentiles(spec, values)),
      };
    },
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/percentile/ */
export const accumulators: AccumulatorFamily = { $percentile: percentile, $median: percentile };
