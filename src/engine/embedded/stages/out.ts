import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument, { access }) {
    const collection = typeof argument === 'string' ? argument : argument instanceof Doc ? argument.get('coll') : undefined;
    if (typeof collection !== 'string') throw new MongoError(16990, 'the $out stage requires a string or an object argument');
    if (argument instanceof Doc && argument.has('db')) throw new MongoError('NotImplemented', '$out to another database is not supported by this server');
    return {
      writes: true,
      run(input) {
        access.replace(collection, [...input]);
        return [];
      },
    };
  },
};
