import { compareValues, hashKey } from '../bson/compare.ts';
import { remainderDecimals } from '../bson/decimal.ts';
import { isNaNValue, isWhole, toBigInt, toDecimal, toDouble } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { bsonType, Doc, isNumeric, typeByte, typeName, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { typeSet } from './operators/element.ts';
import { compileRegex, type CompiledRegex } from './regex.ts';

/** A parsed `$jsonSchema`: https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/ */
export interface Schema {
  accepts(value: Value): boolean;
  /** Why a value is refused, as a validation error's `details` tell it: one entry a rule that failed. */
  violations(value: Value): Doc[];
}

interface Rule {
  keyword: string;
  holds(value: Value): boolean;
  violation(value: Value): Doc;
}

const jsonTypes: Record<string, number[]> = {
  object: [bsonType.object], array: [bsonType.array], string: [bsonType.string], boolean: [bsonType.bool], null: [bsonType.null],
  number: [bsonType.double, bsonType.int, bsonType.long, bsonType.decimal],
};

/** @throws MongoError FailedToParse or TypeMismatch where the schema is wrong */
export function parseSchema(schema: Doc): Schema {
  const rules: Rule[] = [];
  for (const [keyword, argument] of schema) {
    const parse = keywords[keyword];
    if (parse) rules.push(...parse(argument, schema, keyword));
    else throw new MongoError('FailedToParse', `Unknown $jsonSchema keyword: ${keyword}`);
  }
  return {
    accepts: (value) => rules.every((rule) => rule.holds(value)),
    violations: (value) => rules.filter((rule) => !rule.holds(value)).map((rule) => rule.violation(value)),
  };
}


type ParseKeyword = (argument: Value, schema: Doc, keyword: string) => Rule[];

const subschema = (value: Value, keyword: string): Schema => {
  if (!(value instanceof Doc)) throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an object`);
  return parseSchema(value);
};

function plain(keyword: string, argument: Value, reason: string, holds: (value: Value) => boolean, considered = true): Rule {
  return {
    keyword, holds,
    violation: (value) => Doc.of({
      operatorName: keyword, specifiedAs: Doc.of({ [keyword]: argument }), reason,
      ...(considered ? { consideredValue: value } : {}),
    }),
  };
}

function types(keyword: string, argument: Value, allowed: Set<number>): Rule {
  return {
    keyword, holds: (value) => allowed.has(typeByte(value)),
    violation: (value) => Doc.of({
      operatorName: keyword, specifiedAs: Doc.of({ [keyword]: argument }), reason: 'type did not match', consideredValue: value, consideredType: typeName(value),
    }),
  };
}

function count(argument: Value, keyword: string): number {
  if (!isNumeric(argument)) throw new MongoError('FailedToParse', `Expected a number in: ${keyword}: ${showValue(argument)}`);
  const whole = isWhole(argument) ? toBigInt(argument) : undefined;
  if (whole === undefined) throw new MongoError('FailedToParse', `Expected an integer: ${keyword}: ${showValue(argument)}`);
  if (whole < 0n) throw new MongoError('FailedToParse', `Expected a non-negative number in: ${keyword}: ${showValue(argument)}`);
  return Number(whole);
}

/** A keyword that only has to be of a type: it says something to people, or to another keyword. */
const ofType = (type: 'string' | 'bool'): ParseKeyword => (argument, _, keyword) => {
  if (typeName(argument) !== type) throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be a ${type === 'bool' ? 'boolean' : type}`);
  return [];
};

/** `exclusiveMinimum: true` says something of `minimum`, which has to be there. */
const exclusive = (of: string): ParseKeyword => (argument, schema, keyword) => {
  ofType('bool')(argument, schema, keyword);
  if (!schema.has(of)) throw new MongoError('FailedToParse', `$jsonSchema keyword '${of}' must be a present if ${keyword} is present`);
  return [];
};

const sized = (measure: (value: Value) => number | undefined, least: boolean, reason: string): ParseKeyword => (argument, _, keyword) => {
  const limit = count(argument, keyword);
  return [plain(keyword, argument, reason, (value) => {
    const size = measure(value);
    return size === undefined || (least ? size >= limit : size <= limit);
  })];
};

const characters = (value: Value): number | undefined => (typeof value === 'string' ? [...value].length : undefined);
const items = (value: Value): number | undefined => (Array.isArray(value) ? value.length : undefined);
const properties = (value: Value): number | undefined => (value instanceof Doc ? value.size : undefined);

const bound = (exclusiveName: string, accepts: (order: number, exclusive: boolean) => boolean): ParseKeyword => (argument, schema, keyword) => {
  if (!isNumeric(argument)) throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be a number, but found an element of type ${typeName(argument)}`);
  const exclusive = schema.get(exclusiveName) === true;
  return [plain(keyword, argument, 'comparison failed', (value) => !isNumeric(value) || (!isNaNValue(value) && accepts(compareValues(value, argument), exclusive)))];
};

function typeNames(argument: Value, keyword: string): string[] {
  const names = Array.isArray(argument) ? argument : [argument];
  return names.map((name) => {
    if (typeof name !== 'string') throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be either a string or an array of strings`);
    return name;
  });
}

/** `{ a: ['b'] }`: where a is, b has to be; `{ a: { … } }`: where a is, the document has to match. */
function dependencies(argument: Value): Rule[] {
  if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'dependencies' must be an object");
  const parts = [...argument].map(([name, value]) => {
    const schema = Array.isArray(value) ? parseSchema(Doc.of({ required: value })) : subschema(value, 'dependencies');
    return [name, schema] as const;
  });
  return [plain('dependencies', argument, 'a dependency was not satisfied', (value) => !(value instanceof Doc) || parts.every(([name, schema]) => !value.has(name) || schema.accepts(value)))];
}

function patternOf(pattern: string, keyword: string): CompiledRegex {
  try {
    return compileRegex(pattern, '');
  } catch (error) {
    if (error instanceof MongoError && keyword === 'patternProperties') throw new MongoError('BadValue', `$jsonSchema keyword '${keyword}' has an invalid regular expression: ${error.message}`);
    throw error;
  }
}

function list(argument: Value, keyword: string): Schema[] {
  if (!Array.isArray(argument) || argument.length === 0) throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be a nonempty array of objects`);
  return argument.map((item) => subschema(item, keyword));
}

function required(argument: Value): Rule[] {
  if (!Array.isArray(argument)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'required' must be an array");
  if (argument.length === 0) throw new MongoError('FailedToParse', "$jsonSchema keyword 'required' cannot be an empty array");
  const names = argument.map((name) => {
    if (typeof name !== 'string') throw new MongoError('TypeMismatch', "$jsonSchema keyword 'required' must be an array of strings");
    return name;
  });
  if (new Set(names).size < names.length) throw new MongoError('FailedToParse', "$jsonSchema keyword 'required' array cannot contain duplicate values");
  const missing = (value: Value): string[] => (value instanceof Doc ? names.filter((name) => !value.has(name)) : []);
  return [{
    keyword: 'required', holds: (value) => missing(value).length === 0,
    violation: (value) => Doc.of({ operatorName: 'required', specifiedAs: Doc.of({ required: argument }), missingProperties: missing(value) }),
  }];
}

function propertyRules(argument: Value): Rule[] {
  if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'properties' must be an object");
  const schemas = [...argument].map(([name, value]) => [name, subschema(value, 'properties'), value] as const);
  const failing = (value: Value): readonly (readonly [string, Schema, Value])[] =>
    value instanceof Doc ? schemas.filter(([name, schema]) => value.has(name) && !schema.accepts(value.get(name) as Value)) : [];
  return [{
    keyword: 'properties', holds: (value) => failing(value).length === 0,
    violation: (value) => Doc.of({
      operatorName: 'properties',
      propertiesNotSatisfied: failing(value).map(([name, schema, spec]) => Doc.of({
        propertyName: name,
        ...(spec instanceof Doc && typeof spec.get('description') === 'string' ? { description: spec.get('description') as string } : {}),
        details: schema.violations((value as Doc).get(name) as Value),
      })),
    }),
  }];
}

function additional(argument: Value, schema: Doc): Rule[] {
  const named = schema.get('properties');
  const patterns = schema.get('patternProperties');
  const expressions = patterns instanceof Doc ? [...patterns.keys()].map((pattern) => patternOf(pattern, 'patternProperties')) : [];
  const extra = (value: Doc): string[] => [...value.keys()].filter((name) => !(named instanceof Doc && named.has(name)) && !expressions.some((one) => one.test(name)));
  const inner = typeof argument === 'boolean' ? undefined : subschema(argument, 'additionalProperties');
  const bad = (value: Value): string[] => (value instanceof Doc && argument !== true ? extra(value).filter((name) => !inner?.accepts(value.get(name) as Value)) : []);
  return [{
    keyword: 'additionalProperties', holds: (value) => bad(value).length === 0,
    violation: (value) => Doc.of({ operatorName: 'additionalProperties', specifiedAs: Doc.of({ additionalProperties: argument }), additionalProperties: bad(value) }),
  }];
}

function patternProperties(argument: Value): Rule[] {
  if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'patternProperties' must be an object");
  const pairs = [...argument].map(([pattern, value]) => [patternOf(pattern, 'patternProperties'), subschema(value, 'patternProperties')] as const);
  return [plain('patternProperties', argument, 'pattern properties did not match', (value) =>
    !(value instanceof Doc) || [...value].every(([name, item]) => pairs.every(([pattern, schema]) => !pattern.test(name) || schema.accepts(item))))];
}

function arrayItems(argument: Value, schema: Doc): Rule[] {
  if (Array.isArray(argument)) {
    const each = list(argument, 'items');
    const rest = schema.get('additionalItems');
    const extra = rest instanceof Doc ? subschema(rest, 'additionalItems') : undefined;
    return [plain('items', argument, 'At least one item did not match the sub-schema', (value) =>
      !Array.isArray(value) || value.every((item, index) => (each[index] ? each[index].accepts(item) : rest !== false && (extra?.accepts(item) ?? true))))];
  }
  const inner = subschema(argument, 'items');
  return [plain('items', argument, 'At least one item did not match the sub-schema', (value) => !Array.isArray(value) || value.every((item) => inner.accepts(item)))];
}

const keywords: Record<string, ParseKeyword> = {
  title: ofType('string'),
  description: ofType('string'),
  exclusiveMinimum: exclusive('minimum'),
  exclusiveMaximum: exclusive('maximum'),
  bsonType: (argument, schema) => {
    if (schema.has('type')) throw new MongoError('FailedToParse', "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
    const names = typeNames(argument, 'bsonType');
    if (names.includes('integer')) throw new MongoError('FailedToParse', "$jsonSchema type 'integer' is not currently supported.");
    return [types('bsonType', argument, typeSet(argument, 'bsonType'))];
  },
  type: (argument) => {
    const names = typeNames(argument, 'type').map((name) => {
      if (name === 'integer') throw new MongoError('FailedToParse', "$jsonSchema type 'integer' is not currently supported.");
      const bytes = jsonTypes[name];
      if (!bytes) throw new MongoError('BadValue', `Unknown type name alias: ${name}`);
      return bytes;
    });
    return [types('type', argument, new Set(names.flat()))];
  },
  enum: (argument) => {
    if (!Array.isArray(argument)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'enum' must be an array");
    if (argument.length === 0) throw new MongoError('FailedToParse', "$jsonSchema keyword 'enum' cannot be an empty array");
    const keys = new Set(argument.map((item) => hashKey(item)));
    return [plain('enum', argument, 'value was not found in enum', (value) => keys.has(hashKey(value)))];
  },
  required,
  properties: propertyRules,
  additionalProperties: additional,
  patternProperties,
  items: arrayItems,
  additionalItems: (argument) => {
    if (typeof argument !== 'boolean' && !(argument instanceof Doc)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'additionalItems' must be either an object or a boolean");
    return [];
  },
  dependencies,
  minLength: sized(characters, true, 'specified string length was not satisfied'),
  maxLength: sized(characters, false, 'specified string length was not satisfied'),
  minItems: sized(items, true, 'array did not match specified length'),
  maxItems: sized(items, false, 'array did not match specified length'),
  minProperties: sized(properties, true, 'specified number of properties was not satisfied'),
  maxProperties: sized(properties, false, 'specified number of properties was not satisfied'),
  minimum: bound('exclusiveMinimum', (order, exclusive) => (exclusive ? order > 0 : order >= 0)),
  maximum: bound('exclusiveMaximum', (order, exclusive) => (exclusive ? order < 0 : order <= 0)),
  multipleOf: (argument) => {
    if (!isNumeric(argument)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'multipleOf' must be a number");
    if (!(toDouble(argument) > 0) || !Number.isFinite(toDouble(argument))) throw new MongoError('FailedToParse', "$jsonSchema keyword 'multipleOf' must have a positive value");
    return [plain('multipleOf', argument, 'considered value is not a multiple of the specified value', (value) => {
      if (!isNumeric(value)) return true;
      const rest = remainderDecimals(toDecimal(value), toDecimal(argument));
      return !isNaNValue(rest) && toDouble(rest) === 0;
    })];
  },
  pattern: (argument) => {
    if (typeof argument !== 'string') throw new MongoError('TypeMismatch', "$jsonSchema keyword 'pattern' must be a string");
    const pattern = patternOf(argument, 'pattern');
    return [plain('pattern', argument, 'regular expression did not match', (value) => typeof value !== 'string' || pattern.test(value))];
  },
  uniqueItems: (argument, schema) => [...ofType('bool')(argument, schema, 'uniqueItems'), plain('uniqueItems', argument, 'found a duplicate item', (value) =>
    argument !== true || !Array.isArray(value) || new Set(value.map((item) => hashKey(item))).size === value.length)],
  allOf: (argument) => {
    const all = list(argument, 'allOf');
    return [plain('allOf', argument, 'not all schemas matched', (value) => all.every((schema) => schema.accepts(value)))];
  },
  anyOf: (argument) => {
    const any = list(argument, 'anyOf');
    return [plain('anyOf', argument, 'no schema matched', (value) => any.some((schema) => schema.accepts(value)))];
  },
  oneOf: (argument) => {
    const each = list(argument, 'oneOf');
    return [plain('oneOf', argument, 'not exactly one schema matched', (value) => each.filter((schema) => schema.accepts(value)).length === 1)];
  },
  not: (argument) => {
    const inner = subschema(argument, 'not');
    return [plain('not', argument, 'child expression matched', (value) => !inner.accepts(value))];
  },
};

