import { smallestInteger } from '../bson/number.ts';
import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument) {
    if (typeof argument !== 'string') throw new MongoError(40156, 'the count field must be a non-empty string');
    if (argument === '') throw new MongoError(40157, 'the count field must be a non-empty string');
    if (argument.startsWith('$')) throw new MongoError(40158, 'the count field cannot be a $-prefixed path');
    if (argument.includes('\0')) throw new MongoError(40159, 'the count field cannot contain a null byte');
    if (argument.includes('.')) throw new MongoError(40160, "the count field cannot contain '.'");
    if (argument === '_id') throw new MongoError(9039800, "the count field cannot be '_id'");
    return { run: (input) => counted(input, argument) };
  },
};

function* counted(input: Iterable<Doc>, name: string): Iterable<Doc> {
  let count = 0;
  for (const source = input[Symbol.iterator](); source.next().done !== true;) count++;
  if (count > 0) yield Doc.of({ [name]: smallestInteger(BigInt(count)) });
}
