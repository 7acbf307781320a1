import { MongoError } from '../errors.ts';
import type { StageDefinition } from '../pipeline.ts';

/** Where it stands first the command opens the stream itself; here it gets where it may not be. */
export const stage: StageDefinition = {
  parse: () => ({
    source: true,
    run() {
      throw new MongoError('IllegalOperation', '$changeStream is not allowed within another pipeline');
    },
  }),
};
