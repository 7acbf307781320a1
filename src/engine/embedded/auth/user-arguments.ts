import { anything, array, objects, readArguments, required, text, type Argument } from '../arguments.ts';
import { Doc, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { mechanisms, type Mechanism } from './credentials.ts';
import type { Role } from './roles.ts';

/** The fields that commands about users have beside their own. */
export const aboutUser = { pwd: text, customData: objectOrNone(), roles: array, mechanisms: array, digestPassword: anything, authenticationRestrictions: objects };

function objectOrNone(): Argument<Doc> {
  return {
    parse(value, field) {
      if (value instanceof Doc) return value;
      throw new MongoError('TypeMismatch', `BSON field '${field}' is the wrong type, expected type 'object'`);
    },
  };
}

/** Roles by name, of the command's database, or as `{ role, db }`. */
export function readRoles(command: string, database: string, list: readonly Value[]): Role[] {
  return list.map((item, at) => {
    if (typeof item === 'string') return { role: item, db: database };
    if (!(item instanceof Doc)) throw new MongoError('BadValue', 'Role names must be either strings or objects');
    return readArguments(`${command}.roles.${at}`, item, { role: required(text), db: required(text) });
  });
}

/** @throws MongoError BadValue where there is no such mechanism, or its password was digested by the client */
export function readMechanisms(list: readonly Value[] | undefined, digestPassword: Value | undefined): readonly Mechanism[] {
  if (list?.length === 0) throw new MongoError('BadValue', 'mechanisms field must not be empty');
  const named = (list ?? mechanisms).map((name) => {
    const known = mechanisms.find((mechanism) => mechanism === name);
    if (!known) throw new MongoError('BadValue', `Unknown auth mechanism '${String(name)}'`);
    return known;
  });
  if (digestPassword === false) throw new MongoError('BadValue', 'Use of SCRAM-SHA-256 requires undigested passwords');
  return named;
}

/** @throws MongoError NotImplemented for limits by address, which are not kept to */
export function refuseRestrictions(restrictions: readonly Doc[] | undefined): void {
  if (restrictions && restrictions.length > 0) throw new MongoError('NotImplemented', 'authenticationRestrictions are not supported by this server');
}

/** @throws MongoError BadValue */
export function checkPassword(password: string): string {
  if (password === '') throw new MongoError('BadValue', 'User passwords must not be empty');
  return password;
}
