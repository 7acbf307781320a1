import { clampedInteger } from '../arguments.ts';
import { Doc, isNumeric } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument) {
    if (!(argument instanceof Doc)) throw new MongoError(28745, 'the $sample stage specification must be an object');
    for (const [name, value] of argument) {
      if (name !== 'size') throw new MongoError(28748, `unrecognized option to $sample: ${name}`);
      if (!isNumeric(value)) throw new MongoError(28746, 'size argument to $sample must be a number');
    }
    const given = argument.get('size');
    if (!isNumeric(given)) throw new MongoError(28749, '$sample stage must specify a size');
    const size = clampedInteger(given);
    if (size <= 0) throw new MongoError(28747, 'size argument to $sample must be a positive integer');
    return {
      run(input) {
        const documents = [...input];
        for (let index = documents.length - 1; index > 0; index--) {
          const other = Math.floor(Math.random() * (index + 1));
          [documents[index], documents[other]] = [documents[other] as Doc, documents[index] as Doc];
        }
        return documents.slice(0, size);
      },
    };
  },
};
