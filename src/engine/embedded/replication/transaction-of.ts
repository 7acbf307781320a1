import type { CommandContext } from '../command.ts';
import { Doc } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Session } from '../sessions.ts';

/** The session whose transaction a command is to end. @throws MongoError where there is none */
export function transactionOf({ server, name, generic }: CommandContext): Session {
  if (generic.txnNumber === undefined || generic.session === undefined) throw new MongoError('CommandFailed', `${name} must be run within a transaction`);
  const session = server.sessions.touch(generic.session);
  const { last } = session;
  if (last.kind !== 'transaction' || last.number !== generic.txnNumber) {
    throw noSuch(`Given transaction number ${generic.txnNumber} does not match any in-progress transactions. The active transaction number is ${last.kind === 'none' ? -1 : last.number}`);
  }
  if (last.state === 'aborted') throw noSuch(`Transaction with { txnNumber: ${generic.txnNumber} } has been aborted.`);
  return session;
}

const noSuch = (message: string): MongoError => new MongoError('NoSuchTransaction', message, Doc.of({ errorLabels: ['TransientTransactionError'] }));
