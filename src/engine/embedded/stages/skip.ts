import type { Doc } from '../bson/value.ts';
import type { StageDefinition } from '../pipeline.ts';
import { readCount } from '../stage-count.ts';

export const stage: StageDefinition = {
  parse(argument) {
    const skip = readCount('$skip', argument, 5107200);
    return { run: (input) => after(input, skip) };
  },
};

function* after(input: Iterable<Doc>, skip: number): Iterable<Doc> {
  let left = skip;
  for (const doc of input) {
    if (left > 0) left--;
    else yield doc;
  }
}
