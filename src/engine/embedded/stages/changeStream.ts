import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

/** Where it stands first the command opens the stream itself; here it gets where it may not be. */
export const stage: StageDefinition = {
  parse(_, { inFacet, nested }) {
    if (inFacet) throw new MongoError(40600, '$changeStream is not allowed to be used within a $facet stage');
    if (nested) throw new MongoError(40573, 'The $changeStream stage is only supported as the first stage of a pipeline on a collection');
    return {
      source: true,
      run() {
        throw new MongoError('IllegalOperation', '$changeStream is not allowed within another pipeline');
      },
    };
  },
};
