import { hostname } from 'node:os';
import { rolesOf } from './auth/authorize.ts';
import { allows } from './auth/roles.ts';
import { decodeDocument, int32 } from './bson/decode.ts';
import { Binary, Doc, isNumeric } from './bson/value.ts';
import type { Client } from './client.ts';
import { MongoError } from './errors.ts';
import type { Server } from './server-state.ts';

/** What a connection is doing. */
export interface Operation {
  /** Unique within the server. */
  readonly id: number;
  readonly command: string;
  readonly database: string;
  /** The command's document, as it came. */
  readonly bytes: Buffer;
  /** When it began, by the process's clock. */
  readonly began: number;
}

export interface Asked {
  /** Connections that do nothing just now, too. */
  idle: boolean;
  /** Not only what is done by those who are logged in on the connection that asks. */
  everyones: boolean;
}

/**
 * What the connections are doing, as `currentOp` and `$currentOp` show it. Commands that never wait are over before another may ask.
 * https://www.mongodb.com/docs/manual/reference/command/currentOp/#output-fields
 * @param asking the connection that wants to know; a grader's own are shown to nobody
 * @throws MongoError Unauthorized where it may not see what others do
 */
export function currentOperations(server: Server, asking: Client, { idle, everyones }: Asked): Doc[] {
  const limited = server.accessControl && !asking.info.trusted;
  if (limited && everyones && !allows(rolesOf(server, asking), 'inprog', 'admin')) throw new MongoError('Unauthorized', 'not authorized on admin to see the operations of other users');
  return [...server.clients]
    .filter((client) => !client.info.trusted && (client.operation ? true : idle) && (!limited || everyones || isSameUser(client, asking)))
    .map((client) => shown(client));
}

const isSameUser = (a: Client, b: Client): boolean => a.loggedIn.some((one) => b.loggedIn.some(({ name, database }) => one.name === name && one.database === database));

function shown(client: Client): Doc {
  const { info, metadata, loggedIn, operation } = client;
  const application = metadata?.get('application');
  return new Doc([
    ...Doc.of({
      type: 'op', host: hostname(), desc: `conn${info.id}`, connectionId: int32(info.id), client: `127.0.0.1:${info.remotePort}`,
      appName: application instanceof Doc ? application.get('name') : undefined, clientMetadata: metadata, active: operation !== undefined,
      currentOpTime: new Date().toISOString().replace('Z', '+00:00'),
      effectiveUsers: loggedIn.length > 0 ? loggedIn.map(({ name, database }) => Doc.of({ user: name, db: database })) : undefined,
    }),
    ...(operation ? shownOperation(operation) : []),
  ]);
}

const kinds: Readonly<Record<string, string>> = { find: 'query', insert: 'insert', update: 'update', delete: 'remove', getMore: 'getmore' };

/** Their arguments are secrets. */
const secret = new Set(['saslStart', 'saslContinue', 'createUser', 'updateUser']);

function shownOperation({ id, command, database, bytes, began }: Operation): Doc {
  const body = decodeDocument(bytes);
  const micros = Math.round((performance.now() - began) * 1000);
  const session = body.get('lsid');
  return Doc.of({
    opid: int32(id), lsid: session instanceof Doc && session.get('id') instanceof Binary ? session : undefined, secs_running: BigInt(Math.floor(micros / 1_000_000)),
    microsecs_running: BigInt(micros), op: kinds[command] ?? 'command', ns: namespaceOf(command, database, body),
    command: secret.has(command) ? Doc.of({ [command]: 'xxx', $db: database }) : body, waitingForLock: false,
  });
}

function namespaceOf(command: string, database: string, body: Doc): string {
  const target = body.get(command === 'getMore' ? 'collection' : command);
  if (command === 'aggregate' && isNumeric(target)) return `${database}.$cmd.aggregate`;
  return typeof target === 'string' ? `${database}.${target}` : `${database}.$cmd`;
}
