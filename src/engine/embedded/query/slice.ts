import { toDouble } from '../bson/number.ts';
import { isNumeric, typeName, type Numeric, type Value } from '../bson/value.ts';

/** What `$slice` makes of a field's value: of an array some items, anything else as it is. */
export type Slice = (value: Value) => Value;

/**
 * Parses `$slice` as find has it: a count, from the end where negative, or `[skip, limit]`.
 * https://www.mongodb.com/docs/manual/reference/operator/projection/slice/
 * @returns why not, where the argument is another
 */
export function parseSlice(argument: Value): Slice | { refused: string } {
  if (isNumeric(argument)) {
    const count = asInt32(argument);
    return (value) => (!Array.isArray(value) ? value : count >= 0 ? value.slice(0, count) : value.slice(count));
  }
  if (!Array.isArray(argument)) return { refused: 'Location31273: $slice only supports numbers and [skip, limit] arrays' };
  if (argument.length !== 2) return { refused: 'Location31272: $slice array argument should be of form [skip, limit]' };
  const [skipped, limited] = argument as [Value, Value];
  if (!isNumeric(skipped)) return { refused: `Location31257: $slice expects the skip argument to be a number, got ${typeName(skipped)}` };
  if (!isNumeric(limited)) return { refused: `Location31258: $slice expects the limit argument to be a number, got ${typeName(limited)}` };
  const [skip, limit] = [asInt32(skipped), asInt32(limited)];
  if (limit <= 0) return { refused: `Location31259: $slice limit must be positive, got ${limit}` };
  return (value) => {
    if (!Array.isArray(value)) return value;
    const from = skip < 0 ? Math.max(0, value.length + skip) : skip;
    return value.slice(from, from + limit);
  };
}

/** Cut off towards zero, held within 32 bits; NaN counts as 0. */
function asInt32(value: Numeric): number {
  const number = toDouble(value);
  return Number.isNaN(number) ? 0 : Math.trunc(Math.min(0x7fffffff, Math.max(-0x80000000, number)));
}
