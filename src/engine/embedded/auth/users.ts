import { Doc, type Binary } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { newUuid } from '../storage/store.ts';
import { makeCredential, type Credential, type Mechanism } from './credentials.ts';
import { checkRole, type Role } from './roles.ts';

/** Somebody who can log in. */
export interface User {
  readonly id: Binary;
  readonly name: string;
  /** Where the user was made, and logs in: `authSource`. */
  readonly database: string;
  roles: readonly Role[];
  credentials: readonly Credential[];
  customData: Doc | undefined;
}

const keyOf = (database: string, name: string): string => `${database}.${name}`;

/** Who can log in. */
export class Users {
  readonly #users = new Map<string, User>();

  find(database: string, name: string): User | undefined {
    return this.#users.get(keyOf(database, name));
  }

  /** @throws MongoError UserNotFound */
  get(database: string, name: string): User {
    const user = this.find(database, name);
    if (!user) throw new MongoError('UserNotFound', `User '${name}@${database}' not found`);
    return user;
  }

  all(): User[] {
    return [...this.#users.values()];
  }

  /** @throws MongoError 51003 where there is such a user, RoleNotFound */
  add(database: string, name: string, password: string, options: { roles: readonly Role[]; mechanisms: readonly Mechanism[]; customData?: Doc | undefined }): User {
    if (this.find(database, name)) throw new MongoError(51003, `User "${name}@${database}" already exists`);
    options.roles.forEach(checkRole);
    const user: User = {
      id: newUuid(), name, database, roles: options.roles, customData: options.customData,
      credentials: options.mechanisms.map((mechanism) => makeCredential(mechanism, name, password)),
    };
    this.#users.set(keyOf(database, name), user);
    return user;
  }

  remove(database: string, name: string): boolean {
    return this.#users.delete(keyOf(database, name));
  }
}

/** A user as `usersInfo` shows it. */
export function shownUser(user: User, showCredentials: boolean): Doc {
  const credentials = new Doc(user.credentials.map(({ mechanism, iterations, salt, storedKey, serverKey }) => [mechanism, Doc.of({
    iterationCount: iterations, salt: salt.toString('base64'), storedKey: storedKey.toString('base64'), serverKey: serverKey.toString('base64'),
  })]));
  return Doc.of({
    _id: `${user.database}.${user.name}`, userId: user.id, user: user.name, db: user.database,
    ...(showCredentials ? { credentials } : {}), ...(user.customData ? { customData: user.customData } : {}),
    roles: user.roles.map(({ role, db }) => Doc.of({ role, db })), mechanisms: user.credentials.map(({ mechanism }) => mechanism),
  });
}
