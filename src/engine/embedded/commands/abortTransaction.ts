import { anything, bool, object } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { transactionOf } from '../replication/transaction-of.ts';

/** https://www.mongodb.com/docs/manual/reference/command/abortTransaction/ */
export const command: CommandDefinition = {
  stable: true, adminOnly: true, writes: true, fields: { abortTransaction: anything, recoveryToken: object, durableReplicaSetShardWrites: bool },
  run(context) {
    const session = transactionOf(context);
    if (session.last.kind === 'transaction' && session.last.state === 'committed') throw new MongoError('TransactionCommitted', `Transaction with { txnNumber: ${session.last.number} } has been committed.`);
    session.abort();
    return new Doc();
  },
};
