import { toDouble } from '../bson/number.ts';
import { int32 } from '../bson/decode.ts';
import { compareValues } from '../bson/compare.ts';
import { beginLogin } from '../auth/login.ts';
import { Doc, isNumeric, UtcDate, type Value } from '../bson/value.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { wait } from '../dispatch.ts';
import { MongoError } from '../errors.ts';
import { memberOf } from '../replication/replica-set.ts';
import { sessionMinutes } from '../sessions.ts';

/**
 * How a client learns what it talks to. With `topologyVersion` and `maxAwaitTimeMS` the reply is held until that time
 * is over. https://www.mongodb.com/docs/manual/reference/command/hello/
 */
export const command: CommandDefinition = {
  aliases: ['isMaster', 'ismaster'], stable: true,
  run(context) {
    const { body, client } = context;
    const metadata = body.get('client');
    if (metadata instanceof Doc) client.metadata ??= metadata;
    const awaited = awaitTime(context);
    return awaited === undefined ? reply(context) : wait(awaited, context.server).then(() => reply(context));
  },
};

/** How long to hold the reply; undefined where it is not to be held. */
function awaitTime({ body, server }: CommandContext): number | undefined {
  const known = body.get('topologyVersion');
  const time = body.get('maxAwaitTimeMS');
  if (known === undefined && time === undefined) return undefined;
  if (known === undefined || time === undefined) {
    throw new MongoError(known === undefined ? 51368 : 31372, known === undefined
      ? "A request with a 'topologyVersion' must include 'maxAwaitTimeMS'" : "A request with 'maxAwaitTimeMS' must include a 'topologyVersion'");
  }
  if (!isNumeric(time)) throw new MongoError('TypeMismatch', "Field 'maxAwaitTimeMS' must be a number");
  if (toDouble(time) < 0) throw new MongoError(31373, 'maxAwaitTimeMS must be a non-negative integer');
  if (!(known instanceof Doc) || compareValues(known, server.topologyVersion) !== 0) return undefined;
  return Math.min(toDouble(time), 0x7fffffff);
}

function reply(context: CommandContext): Doc {
  const { name, body, server, client } = context;
  return Doc.of({
    ...(body.get('helloOk') === true ? { helloOk: true } : {}),
    [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
    topologyVersion: server.topologyVersion,
    maxBsonObjectSize: int32(16 * 1024 * 1024),
    maxMessageSizeBytes: int32(48_000_000),
    maxWriteBatchSize: int32(100_000),
    ...(server.replicaSet ? Object.fromEntries(server.replicaSet.hello(memberOf(client))) : {}),
    localTime: new UtcDate(BigInt(Date.now())),
    logicalSessionTimeoutMinutes: int32(sessionMinutes),
    connectionId: int32(client.info.id),
    minWireVersion: int32(0),
    maxWireVersion: int32(27),
    readOnly: false,
    ...loginOf(context),
  });
}

/** How the user that a client asks about may log in, and the reply to a login that it begins at once. */
function loginOf({ body, server, client }: CommandContext): Record<string, Value> {
  const result: Record<string, Value> = {};
  const asked = body.get('saslSupportedMechs');
  if (asked !== undefined) {
    if (typeof asked !== 'string') throw new MongoError(asked instanceof Doc ? 'BadValue' : 'TypeMismatch', 'UserName must be either a string or an object');
    const dot = asked.indexOf('.');
    if (dot === -1) throw new MongoError('BadValue', `UserName must contain a '.' separated database.user pair`);
    const user = server.users.find(asked.slice(0, dot), asked.slice(dot + 1));
    if (user) result['saslSupportedMechs'] = user.credentials.map(({ mechanism }) => mechanism);
  }
  const begun = body.get('speculativeAuthenticate');
  const database = begun instanceof Doc ? begun.get('db') : undefined;
  if (begun instanceof Doc && begun.has('saslStart') && typeof database === 'string') {
    try {
      const { conversation, reply: answer } = beginLogin(server.users, database, begun);
      client.login = conversation;
      result['speculativeAuthenticate'] = answer;
    } catch (error) {
      // It was only a guess: the client begins anew, and is told then what is wrong.
      if (!(error instanceof MongoError)) throw error;
    }
  }
  return result;
}
