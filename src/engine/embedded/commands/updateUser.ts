import { readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import { makeCredential } from '../auth/credentials.ts';
import { checkRole } from '../auth/roles.ts';
import { aboutUser, checkPassword, readMechanisms, readRoles, refuseRestrictions } from '../auth/user-arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { updateUser: required(text), ...aboutUser } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/updateUser/ */
export const command: CommandDefinition = {
  writes: true, fields,
  run({ server, database, body }) {
    const args = readArguments('updateUser', body, fields, isGeneric);
    const { pwd, roles, customData, mechanisms } = args;
    if (pwd === undefined && !roles && !customData && !mechanisms && !args.authenticationRestrictions) throw new MongoError('BadValue', 'Must specify at least one field to update in updateUser');
    refuseRestrictions(args.authenticationRestrictions);
    const user = server.users.get(database, args.updateUser);
    const wanted = roles && readRoles('updateUser', database, roles);
    wanted?.forEach(checkRole);
    const ways = readMechanisms(mechanisms ?? user.credentials.map(({ mechanism }) => mechanism), args.digestPassword);
    const added = ways.filter((way) => !user.credentials.some(({ mechanism }) => mechanism === way));
    if (pwd === undefined && added.length > 0) throw new MongoError('BadValue', 'mechanisms field must be a subset of previously set mechanisms');
    user.credentials = pwd === undefined
      ? user.credentials.filter(({ mechanism }) => ways.includes(mechanism))
      : ways.map((mechanism) => makeCredential(mechanism, user.name, checkPassword(pwd)));
    if (wanted) user.roles = wanted;
    if (customData) user.customData = customData;
    return new Doc();
  },
};
