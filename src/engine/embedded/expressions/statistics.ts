import { compareValues } from '../bson/compare.ts';
import { isNumeric, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import type { ExpressionFamily, ParseExpression } from '../expression.ts';
import { deviations } from '../deviations.ts';
import { isNullish } from '../numeric.ts';
import { percentiles, readPercentile } from '../percentiles.ts';
import { averaged, Summation } from '../summation.ts';
import type { Scope } from '../variables.ts';

/** An accumulator as an expression: of several operands each is a value; of one, an array's items are. */
const over = (compute: (values: readonly Maybe[], collation: Parameters<typeof compareValues>[2]) => Value): ParseExpression => (argument, tools) => {
  const parts = tools.operands(argument);
  return (scope: Scope) => {
    const values = parts.map((part) => part(scope));
    const [first] = values;
    return compute(values.length === 1 && Array.isArray(first) ? first : values, tools.context.collation);
  };
};

const numbers = (values: readonly Maybe[]): Numeric[] => values.filter(isNumeric);

function totalled(values: readonly Maybe[]): { total: Summation; count: number } {
  const total = new Summation();
  const counted = numbers(values);
  for (const value of counted) total.add(value);
  return { total, count: counted.length };
}

const extreme = (sign: 1 | -1): ParseExpression => over((values, collation) => {
  let best: Value = null;
  for (const value of values) {
    if (isNullish(value)) continue;
    if (best === null || compareValues(value, best, collation) * sign > 0) best = value;
  }
  return best;
});

const deviation = (sample: boolean): ParseExpression => over((values) => {
  const { add, result } = deviations(sample);
  numbers(values).forEach(add);
  return result();
});

const percentile: ParseExpression = (argument, tools, name) => {
  const spec = readPercentile(name, argument, tools.context);
  const input = tools.parse(spec.input);
  return (scope) => {
    const value = input(scope);
    const found = percentiles(spec, Array.isArray(value) ? value : [value]);
    return name === '$median' ? (found[0] ?? null) : found;
  };
};

export const expressions: ExpressionFamily = {
  $sum: over((values) => totalled(values).total.result()),
  $avg: over((values) => {
    const { total, count } = totalled(values.map((value) => (isNumeric(value) ? averaged(value) : null)));
    return count === 0 ? null : total.average(count);
  }),
  $min: extreme(-1), $max: extreme(1),
  $stdDevPop: deviation(false), $stdDevSamp: deviation(true),
  $percentile: percentile, $median: percentile,
};
