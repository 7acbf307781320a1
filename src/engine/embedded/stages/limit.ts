import { toDouble, wholeNumber } from '../bson/number.ts';
import { showValue } from '../bson/show.ts';
import { isNumeric } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument) {
    if (!isNumeric(argument)) throw new MongoError(2107201, `invalid argument to $limit stage: Expected a number in: $limit: ${showValue(argument)}`);
    const limit = wholeNumber(argument);
    if (limit === undefined) throw new MongoError(2107201, `invalid argument to $limit stage: Expected an integer: $limit: ${showValue(argument)}`);
    if (toDouble(argument) < 0) throw new MongoError(2107201, `invalid argument to $limit stage: Expected a non-negative number in: $limit: ${showValue(argument)}`);
    if (limit === 0) throw new MongoError(15958, 'the limit must be positive');
    return {
      limit,
      *run(input) {
        let left = limit;
        for (const doc of input) {
          yield doc;
          if (--left === 0) return;
        }
      },
    };
  },
};
