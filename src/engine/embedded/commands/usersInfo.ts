import { anything, bool, object, readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import { shownUser, type User, type Users } from '../auth/users.ts';
import { Doc, isNumeric, type Value } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { operationContext } from '../operation.ts';
import { parseFilter } from '../query/filter.ts';

const fields = {
  usersInfo: required(anything), showCredentials: bool, showCustomData: bool, showPrivileges: bool, showAuthenticationRestrictions: bool, filter: object,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/usersInfo/ */
export const command: CommandDefinition = {
  fields,
  run({ server, database, body }) {
    const args = readArguments('usersInfo', body, fields, isGeneric);
    if (args.showPrivileges || args.showAuthenticationRestrictions) throw new MongoError('NotImplemented', 'usersInfo with showPrivileges or showAuthenticationRestrictions is not supported by this server');
    const filter = args.filter && parseFilter(args.filter, operationContext({}));
    const users = asked(server.users, database, args.usersInfo).map((user) => shownUser(user, args.showCredentials ?? false));
    if (args.showCustomData === false) for (const user of users) user.delete('customData');
    return Doc.of({ users: users.filter((user) => !filter || filter.matchesDoc(user)) });
  },
};

function asked(users: Users, database: string, which: Value): User[] {
  const named = (name: string, db: string): User[] => { const user = users.find(db, name); return user ? [user] : []; };
  if (typeof which === 'string') return named(which, database);
  if (Array.isArray(which)) return which.flatMap((item) => asked(users, database, item));
  if (isNumeric(which)) return users.all().filter((user) => user.database === database);
  if (!(which instanceof Doc)) throw new MongoError('BadValue', 'User and role names must be either strings or objects');
  if (which.get('forAllDBs') === true) return users.all();
  const { user, db } = readArguments('usersInfo.usersInfo', which, { user: required(text), db: required(text) });
  return named(user, db);
}
