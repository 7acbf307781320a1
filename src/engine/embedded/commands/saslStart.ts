import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';

/** There are no users, so nobody is let in under a name. */
export const command: CommandDefinition = {
  run() {
    throw new MongoError('AuthenticationFailed', 'Authentication failed.');
  },
};
