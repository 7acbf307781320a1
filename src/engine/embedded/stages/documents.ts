import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { evaluate, parseExpression } from '../expression.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument, { query }) {
    const list = evaluate(parseExpression(argument, query), new Doc(), query);
    if (!Array.isArray(list)) throw new MongoError(5858203, 'an array is expected');
    const documents = list.map((item) => {
      if (!(item instanceof Doc)) throw new MongoError(40228, '$documents: an array of objects is expected');
      return item;
    });
    return { source: true, run: () => documents };
  },
};
