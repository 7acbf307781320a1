import { anything, bool, object } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { transactionOf } from '../replication/transaction-of.ts';

/** https://www.mongodb.com/docs/manual/reference/command/commitTransaction/ */
export const command: CommandDefinition = {
  stable: true, adminOnly: true, writes: true, fields: { commitTransaction: anything, recoveryToken: object, durableReplicaSetShardWrites: bool },
  run(context) {
    const session = transactionOf(context);
    if (session.last.kind === 'transaction' && session.last.state === 'open') {
      const { number, transaction } = session.last;
      try {
        transaction.commit({ lsid: context.body.get('lsid') as Doc, txnNumber: number });
      } catch (error) {
        session.abort();
        throw error;
      }
      session.last = { kind: 'transaction', number, state: 'committed' };
    }
    return new Doc();
  },
};
