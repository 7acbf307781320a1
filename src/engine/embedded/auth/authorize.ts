import { showDoc } from '../bson/show.ts';
import { Doc, type Value } from '../bson/value.ts';
import type { Client } from '../client.ts';
import { MongoError } from '../errors.ts';
import type { Server } from '../server-state.ts';
import { allows, open, type Role } from './roles.ts';

/** The roles of all who have logged in on a connection and are still there. */
export function rolesOf(server: Server, client: Client): readonly Role[] {
  return client.loggedIn.flatMap(({ database, name }) => server.users.find(database, name)?.roles ?? []);
}

/** @throws MongoError Unauthorized where access is controlled and the connection's users may not run the command */
export function authorize(server: Server, client: Client, name: string, database: string, body: Doc): void {
  if (!server.accessControl || client.info.trusted || open.has(name)) return;
  if (client.loggedIn.length === 0) throw new MongoError('Unauthorized', `Command ${name} requires authentication`);
  const roles = rolesOf(server, client);
  const denied = (on: string): MongoError => new MongoError('Unauthorized', `not authorized on ${on} to execute command ${showDoc(body)}`);
  const places = databasesOf(name, database, body);
  for (const place of places) if (!allows(roles, name, place)) throw denied(place);
  for (const target of outputsOf(body.get('pipeline'), database)) if (!allows(roles, 'insert', target) || !allows(roles, 'delete', target)) throw denied(target);
}

/** The databases that a command is about: some name others than that which they are run on. */
function databasesOf(name: string, database: string, body: Doc): string[] {
  const named = (value: Value | undefined): string[] => (typeof value === 'string' ? [value.split('.')[0] as string] : []);
  if (name === 'renameCollection') return [...named(body.get(name)), ...named(body.get('to'))];
  if (name === 'dataSize' || name === 'datasize') return named(body.get(name));
  const namespaces = body.get('nsInfo');
  if (name === 'bulkWrite' && Array.isArray(namespaces)) return namespaces.flatMap((info) => (info instanceof Doc ? named(info.get('ns')) : []));
  return [database];
}

/** The databases that a pipeline writes to. */
function outputsOf(pipeline: Value | undefined, database: string): string[] {
  if (!Array.isArray(pipeline)) return [];
  return pipeline.flatMap((stage) => {
    if (!(stage instanceof Doc)) return [];
    const out = stage.get('$out') ?? stage.get('$merge');
    if (out === undefined) return [];
    const into = out instanceof Doc ? out.get('into') ?? out : out;
    const other = into instanceof Doc ? into.get('db') : undefined;
    return [typeof other === 'string' && other !== '' ? other : database];
  });
}
