import type { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';
import { readCount } from '../stage-count.ts';

export const stage: StageDefinition = {
  parse(argument) {
    const limit = readCount('$limit', argument, 5107201);
    if (limit === 0) throw new MongoError(15958, 'the limit must be positive');
    return { limit, run: (input) => firstOf(input, limit) };
  },
};

function* firstOf(input: Iterable<Doc>, limit: number): Iterable<Doc> {
  let left = limit;
  for (const doc of input) {
    yield doc;
    if (--left === 0) return;
  }
}
