import { array, readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import { checkRole } from '../auth/roles.ts';
import { readRoles } from '../auth/user-arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { grantRolesToUser: required(text), roles: required(array) } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/grantRolesToUser/ */
export const command: CommandDefinition = {
  writes: true, fields,
  run({ server, database, body }) {
    const args = readArguments('grantRolesToUser', body, fields, isGeneric);
    const user = server.users.get(database, args.grantRolesToUser);
    const roles = readRoles('grantRolesToUser', database, args.roles);
    roles.forEach(checkRole);
    const without = user.roles.filter((known) => !roles.some(({ role, db }) => role === known.role && db === known.db));
    user.roles = [...without, ...roles];
    return new Doc();
  },
};
