import { Doc, typeName, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** What `$fill` sets: constants as fields that are added, methods as window functions. */
export interface FillSpec {
  values: Doc;
  windows: Doc;
  partition: Value | undefined;
  sortBy: Doc | undefined;
}

/** Reads a `$fill`. @throws MongoError where it is wrong */
export function readFill(argument: Value): FillSpec {
  if (!(argument instanceof Doc)) throw new MongoError('FailedToParse', `the $fill stage specification must be an object, found ${typeName(argument)}`);
  for (const name of argument.keys()) if (!['partitionBy', 'partitionByFields', 'sortBy', 'output'].includes(name)) throw new MongoError(40415, `BSON field '$fill.${name}' is an unknown field.`);
  const [by, fields, sortBy, output] = ['partitionBy', 'partitionByFields', 'sortBy', 'output'].map((name) => argument.get(name));
  if (output === undefined) throw new MongoError(40414, "BSON field '$fill.output' is missing but a required field");
  if (!(output instanceof Doc)) throw new MongoError('TypeMismatch', `BSON field '$fill.output' is the wrong type '${typeName(output)}', expected type 'object'`);
  if (sortBy !== undefined && !(sortBy instanceof Doc)) throw new MongoError('TypeMismatch', `BSON field '$fill.sortBy' is the wrong type '${typeName(sortBy)}', expected type 'object'`);
  if (by !== undefined && fields !== undefined) throw new MongoError(6050204, "Maximum one of 'partitionBy' and 'partitionByFields' can be specified in '$fill'");
  const values = new Doc();
  const windows = new Doc();
  for (const [name, spec] of output) {
    const [kind, value] = readOutput(name, spec);
    if (kind === 'value') values.set(name, Doc.of({ $ifNull: [`$${name}`, value] }));
    else windows.set(name, Doc.of({ [kind]: `$${name}` }));
    if (kind === '$linearFill' && sortBy === undefined) throw new MongoError(6050203, "'sortBy' must be specified with the linear method");
  }
  const partition = fields === undefined ? by : partitionOf(fields);
  return { values, windows, partition, sortBy };
}

function readOutput(name: string, spec: Value): readonly ['value' | '$locf' | '$linearFill', Value] {
  if (!(spec instanceof Doc) || spec.size !== 1) throw new MongoError(6050202, `$fill output field '${name}' must be an object with exactly one of 'value' and 'method'`);
  const [key, value] = spec.entries().next().value as [string, Value];
  if (key === 'value') return ['value', value];
  if (key !== 'method') throw new MongoError(40415, `BSON field '$fill.output.${name}.${key}' is an unknown field.`);
  if (value === 'locf') return ['$locf', value];
  if (value === 'linear') return ['$linearFill', value];
  throw new MongoError(6050202, "Method must be either 'locf' or 'linear'");
}

function partitionOf(fields: Value): Doc {
  if (!Array.isArray(fields)) throw new MongoError('TypeMismatch', `BSON field '$fill.partitionByFields' is the wrong type '${typeName(fields)}', expected type 'array'`);
  return Doc.of(fields.map((field, index) => {
    if (typeof field !== 'string') throw new MongoError('TypeMismatch', `BSON field '$fill.partitionByFields.${index}' is the wrong type '${typeName(field)}', expected type 'string'`);
    if (field.startsWith('$')) throw new MongoError('FailedToParse', 'Field path names in partitionByFields may not begin with $');
    return [`f${index}`, `$${field}`] as const;
  }));
}
