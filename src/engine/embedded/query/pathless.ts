import { isWhole, toBigInt, toDouble } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { Doc, isNumeric, typeName, Undefined, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression } from '../expression.ts';
import type { QueryContext } from '../variables.ts';
import type { FilterNode, FilterPlace } from './filter.ts';
import { comparison } from './operators/comparison.ts';
import { parsePath } from './path.ts';
import { parseSchema } from './schema.ts';

type Parse = (argument: Value, context: QueryContext, place: FilterPlace, name: string) => FilterNode[];

/** What may stand in the place of a field's name, besides `$and`, `$or` and `$nor`. */
const parsers: Readonly<Record<string, Parse>> = {
  $expr: (argument, context, place) => {
    if (place.nested) throw new MongoError('BadValue', '$expr can only be applied to the top-level document');
    if (place.plain) throw new MongoError('QueryFeatureNotAllowed', '$expr is not allowed in this context');
    return [{ kind: 'expr', expression: parseExpression(argument, context) }];
  },
  $jsonSchema: (argument, _, place) => {
    if (place.plain) throw new MongoError('QueryFeatureNotAllowed', '$jsonSchema is not allowed in this context');
    if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', '$jsonSchema must be an object');
    return [{ kind: 'schema', schema: parseSchema(argument) }];
  },
  $comment: () => [],
  $alwaysTrue: (argument, _, __, name) => always(name, argument, true),
  $alwaysFalse: (argument, _, __, name) => always(name, argument, false),
  $sampleRate: (argument, _, place) => {
    if (place.nested) throw new MongoError('BadValue', '$sampleRate can only be applied to the top-level document');
    if (!isNumeric(argument)) throw new MongoError('BadValue', 'argument to $sampleRate must be a numeric type');
    const rate = toDouble(argument);
    if (!(rate >= 0 && rate <= 1)) throw new MongoError('BadValue', 'numeric argument to $sampleRate must be in [0, 1]');
    return [{ kind: 'sample', rate }];
  },
  $where: (_, __, place) => {
    if (place.nested) throw new MongoError('BadValue', '$where can only be applied to the top-level document');
    if (place.plain || place.unindexed) throw new MongoError('BadValue', '$where is not allowed in this context');
    // What a server started without JavaScript answers.
    throw new MongoError('BadValue', 'no globalScriptEngine in $where parsing');
  },
  $text: (argument, _, place) => {
    if (place.nested) throw new MongoError('BadValue', '$text can only be applied to the top-level document');
    if (place.plain || place.unindexed) throw new MongoError('BadValue', '$text is not allowed in this context');
    if (!(argument instanceof Doc)) throw new MongoError('TypeMismatch', `$text expects an object, but got ${typeName(argument)}`);
    // No index can be a text index here.
    throw new MongoError('IndexNotFound', 'text index required for $text query');
  },
  $ref: (argument, context, _, name) => field(name, argument, { ...context, collation: undefined }),
  $id: (argument, context, _, name) => field(name, argument, context),
  $db: (argument, context, _, name) => field(name, argument, { ...context, collation: undefined }),
};

/** True for a name with which `$elemMatch` is about documents, and not about values. */
export function isPathless(name: string): boolean {
  return name === '$and' || name === '$or' || name === '$nor' || name in parsers;
}

/** @throws MongoError where there is no such operator, or it may not stand there */
export function parsePathless(name: string, argument: Value, context: QueryContext, place: FilterPlace): FilterNode[] {
  const parse = parsers[name];
  if (!parse) {
    throw new MongoError('BadValue', `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`);
  }
  return parse(argument, context, place, name);
}

function always(name: string, argument: Value, value: boolean): FilterNode[] {
  if (!isNumeric(argument)) throw new MongoError('FailedToParse', `Expected a number in: ${name}: ${showValue(argument)}`);
  if (!isWhole(argument) || toBigInt(argument) !== 1n) throw new MongoError('FailedToParse', `${name} must be an integer value of 1`);
  return [{ kind: 'always', value }];
}

/** The fields of a DBRef are the only ones whose names begin with `$`. */
function field(name: string, argument: Value, context: QueryContext): FilterNode[] {
  if (argument instanceof Undefined) throw new MongoError('BadValue', 'cannot compare to undefined');
  return [{ kind: 'path', path: parsePath(name), predicate: comparison('eq', argument, context.collation) }];
}
