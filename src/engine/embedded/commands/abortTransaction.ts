import { anything, bool, object } from '../arguments.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';

/** https://www.mongodb.com/docs/manual/reference/command/abortTransaction/ */
export const command: CommandDefinition = {
  stable: true, adminOnly: true, writes: true, fields: { abortTransaction: anything, recoveryToken: object, durableReplicaSetShardWrites: bool },
  run({ generic }) {
    if (generic.txnNumber === undefined) throw new MongoError('CommandFailed', 'abortTransaction must be run within a transaction');
    throw new MongoError('NoSuchTransaction', `Given transaction number ${generic.txnNumber} does not match any in-progress transactions.`);
  },
};
