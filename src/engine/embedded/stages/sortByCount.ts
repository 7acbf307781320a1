import { Doc } from '../bson/value.ts';
import { int32 } from '../bson/decode.ts';
import { MongoError } from '../errors.ts';
import { parsePipeline, type StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument, context) {
    const expression = argument instanceof Doc && [...argument.keys()][0]?.startsWith('$');
    if (!expression && !(typeof argument === 'string' && argument.startsWith('$'))) {
      throw new MongoError(40149, 'the sortByCount field must be specified as a $-prefixed path or an expression in an object');
    }
    const group = Doc.of({ $group: Doc.of({ _id: argument, count: Doc.of({ $sum: int32(1) }) }) });
    return parsePipeline([group, Doc.of({ $sort: Doc.of({ count: int32(-1) }) })], context);
  },
};
