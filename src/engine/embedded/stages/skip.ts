import { toDouble, wholeNumber } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { isNumeric } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument) {
    const skip = isNumeric(argument) ? wholeNumber(argument) : undefined;
    if (skip === undefined) throw new MongoError(5107200, `invalid argument to $skip stage: Expected ${isNumeric(argument) ? 'an integer' : 'a number in'}: $skip: ${showValue(argument)}`);
    if (isNumeric(argument) && toDouble(argument) < 0) throw new MongoError(5107200, `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${showValue(argument)}`);
    return {
      *run(input) {
        let left = skip;
        for (const doc of input) {
          if (left > 0) left--;
          else yield doc;
        }
      },
    };
  },
};
