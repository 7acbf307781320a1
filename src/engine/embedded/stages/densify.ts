import type { Collation } from '../bson/collation.ts';
import { compareValues, hashKey } from '../bson/compare.ts';
import { add, isWhole, toBigInt, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, typeName, UtcDate, type Maybe, type Numeric, type Value } from '../bson/value.ts';
import { utcZone } from '../calendar.ts';
import { addUnits, isUnit, type Unit } from '../date-units.ts';
import { MongoError } from '../errors.ts';
import { follow } from '../expression.ts';
import { splitPath } from '../field-path.ts';
import { setNested } from '../nested.ts';
import type { StageDefinition } from '../pipeline.ts';

interface Range {
  step: Numeric;
  unit: Unit | undefined;
  bounds: 'full' | 'partition' | readonly [Value, Value];
}

interface Partitioning {
  by: readonly string[][];
  collation: Collation | undefined;
}

const mostMade = 500_000;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/densify/ */
export const stage: StageDefinition = {
  parse(argument, { query: { collation } }) {
    if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', `the $densify stage specification must be an object, found ${typeName(argument)}`);
    for (const name of argument.keys()) if (!['field', 'partitionByFields', 'range'].includes(name)) throw new MongoError(40415, `BSON field '$densify.${name}' is an unknown field.`);
    const [field, by = [], range] = ['field', 'partitionByFields', 'range'].map((name) => argument.get(name));
    if (field === undefined || range === undefined) throw new MongoError(40414, `BSON field '$densify.${field === undefined ? 'field' : 'range'}' is missing but a required field`);
    if (typeof field !== 'string') throw new MongoError('TypeMismatch', `BSON field '$densify.field' is the wrong type '${typeName(field)}', expected type 'string'`);
    if (field.startsWith('$')) throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
    if (!Array.isArray(by) || !by.every((name) => typeof name === 'string')) throw new MongoError('TypeMismatch', "BSON field '$densify.partitionByFields' must be an array of strings");
    const partition = by.map((name) => splitPath(name));
    const { step, unit, bounds } = readRange(range);
    if (bounds === 'partition' && by.length === 0) throw new MongoError(5733408, 'One may not specify the bounds as \'partition\' without specifying a non-empty array of partitionByFields.');
    const path = splitPath(field);
    const next = (value: Value): Value => {
      if (value instanceof UtcDate) {
        if (!unit) throw new MongoError(5733201, "PartitionBy field values must be numeric where 'unit' is not given");
        return new UtcDate(addUnits(value.ms, unit, toBigInt(step) as bigint, utcZone));
      }
      if (unit || !isNumeric(value)) throw new MongoError(5733201, `$densify field type must be numeric or a date, with 'unit' for dates, but was ${typeName(value)}`);
      return add(value, step) ?? toDouble(value) + toDouble(step);
    };
    return { run: (input) => densify([...input], path, { by: partition, collation }, bounds, next) };
  },
};

function readRange(range: Value): Range {
  if (!(range instanceof Doc)) throw new MongoError('TypeMismatch', `BSON field '$densify.range' is the wrong type '${typeName(range)}', expected type 'object'`);
  for (const name of range.keys()) if (!['step', 'unit', 'bounds'].includes(name)) throw new MongoError(40415, `BSON field '$densify.range.${name}' is an unknown field.`);
  const [step, unit, bounds] = ['step', 'unit', 'bounds'].map((name) => range.get(name));
  if (step === undefined || bounds === undefined) throw new MongoError(40414, `BSON field '$densify.range.${step === undefined ? 'step' : 'bounds'}' is missing but a required field`);
  if (!isNumeric(step)) throw new MongoError('TypeMismatch', `BSON field '$densify.range.step' is the wrong type '${typeName(step)}'`);
  if (toDouble(step) <= 0) throw new MongoError(5733401, 'the step parameter in a range statement must be a strictly positive numeric value');
  if (unit !== undefined && (typeof unit !== 'string' || !isUnit(unit))) throw new MongoError('FailedToParse', `unknown time unit value: ${String(unit)}`);
  if (unit !== undefined && !isWhole(step)) throw new MongoError('FailedToParse', 'The step parameter in a range satement must be a whole number when densifying a date range');
  const given = { step, unit: unit as Unit | undefined };
  if (bounds === 'full' || bounds === 'partition') return { ...given, bounds };
  if (!Array.isArray(bounds)) throw new MongoError(5946802, "Bounds string must either be 'full' or 'partition', or an array");
  if (bounds.length !== 2) throw new MongoError(5733403, 'a bounding array in a range statement must have exactly two elements');
  const [low, high] = bounds as [Value, Value];
  const fits = (value: Value): boolean => (unit === undefined ? isNumeric(value) : value instanceof UtcDate);
  if (!fits(low) || !fits(high)) throw new MongoError(5733402, 'A bounding array must contain either both dates (with a unit) or both numbers');
  if (compareValues(low, high) > 0) throw new MongoError(5733402, 'the bounds in a range statement must be the string \'full\', \'partition\', or an ascending array of two numbers or two dates');
  return { ...given, bounds: [low, high] };
}

function* densify(docs: readonly Doc[], path: readonly string[], { by, collation }: Partitioning, bounds: Range['bounds'], next: (value: Value) => Value): Iterable<Doc> {
  const valueOf = (doc: Doc): Maybe => follow(doc, path, 0);
  const isDense = (doc: Doc): boolean => valueOf(doc) !== undefined && valueOf(doc) !== null;
  const partitionOf = (doc: Doc): (readonly [string[], Maybe])[] => by.map((name) => [name, follow(doc, name, 0)] as const);
  // Where each partition has bounds of its own they come one after the other, in order.
  const order = bounds === 'partition' ? (a: Doc, b: Doc) => by.reduce((found, name) => found || compareValues(follow(a, name, 0), follow(b, name, 0), collation), 0) : () => 0;
  const dense = docs.filter(isDense).sort((a, b) => order(a, b) || compareValues(valueOf(a), valueOf(b)));
  for (const doc of docs) if (!isDense(doc)) yield doc;
  const parts = new Map<string, { like: (readonly [string[], Maybe])[]; docs: Doc[] }>();
  for (const doc of dense) {
    const like = partitionOf(doc);
    const key = like.map(([, value]) => hashKey(value, collation)).join(' ');
    const part = parts.get(key);
    if (part) part.docs.push(doc);
    else parts.set(key, { like, docs: [doc] });
  }
  const whole = [valueOf(dense[0] ?? new Doc()), valueOf(dense.at(-1) ?? new Doc())] as const;
  let made = 0;
  if (parts.size === 0 && by.length === 0 && Array.isArray(bounds)) parts.set('', { like: [], docs: [] });
  for (const { like, docs: there } of parts.values()) {
    const own = [valueOf(there[0] ?? new Doc()), valueOf(there.at(-1) ?? new Doc())] as const;
    const [low, high] = bounds === 'full' ? whole : bounds === 'partition' ? own : bounds;
    // Bounds that are given leave their upper one out; the others are documents that are there.
    let at = low as Value;
    let index = 0;
    const isIn = (value: Value): boolean => compareValues(value, high) < (bounds === 'full' || bounds === 'partition' ? 1 : 0);
    while (index < there.length || isIn(at)) {
      const doc = there[index];
      const order = doc ? compareValues(valueOf(doc), at) : 1;
      if (doc && (order <= 0 || !isIn(at))) {
        yield doc;
        index++;
        if (order === 0 && compareValues(valueOf(there[index] ?? new Doc()), at) !== 0) at = next(at);
        continue;
      }
      if (++made > mostMade) throw new MongoError(5897900, `Generated ${made} documents in $densify, which is over the limit of ${mostMade}.`);
      const filler = (doc ? partitionOf(doc) : like).reduce<Doc>((doc2, [name, value]) => (value === undefined ? doc2 : (setNested(doc2, name, value) as Doc)), new Doc());
      yield setNested(filler, path, at) as Doc;
      at = next(at);
    }
  }
}
