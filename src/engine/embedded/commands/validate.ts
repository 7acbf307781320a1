import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { collectionName } from '../namespace.ts';
import { readValidateOptions } from '../validate-options.ts';
import { validateCollection } from '../validate-collection.ts';

/** Looks a collection and its indexes through for what is wrong. https://www.mongodb.com/docs/manual/reference/command/validate/ */
export const command: CommandDefinition = { run: validate };

function* validate({ server, database, body }: CommandContext): Work<Reply> {
  const given = body.get('validate');
  // Unlike others it looks for a name that no collection can have.
  const name = typeof given === 'string' && given.startsWith('$') ? given : collectionName('validate', database, given);
  const options = readValidateOptions(body, server.replset, database);
  if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', 'Cannot validate a view');
  const collection = server.store.collection(database, name);
  if (!collection) throw new MongoError('NamespaceNotFound', `Collection '${database}.${name}' does not exist to validate.`);
  return yield* validateCollection(collection, `${database}.${name}`, options, options.background ? server.replicaSet?.oplog.time : undefined);
}
