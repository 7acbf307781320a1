import type { Argument } from './arguments.ts';
import { Doc, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** An update: a document, or a pipeline. */
export const updateArgument: Argument<Doc | Value[]> = {
  parse(value) {
    if (value instanceof Doc || Array.isArray(value)) return value;
    throw new MongoError('FailedToParse', 'Update argument must be either an object or an array');
  },
};
