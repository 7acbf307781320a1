import { array, readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import { aboutUser, checkPassword, readMechanisms, readRoles, refuseRestrictions } from '../auth/user-arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { createUser: required(text), ...aboutUser, roles: required(array) } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/createUser/ */
export const command: CommandDefinition = {
  writes: true, fields,
  run({ server, database, body }) {
    const args = readArguments('createUser', body, fields, isGeneric);
    if (args.createUser === '') throw new MongoError('BadValue', "User document needs 'user' field to be non-empty");
    if (args.pwd === undefined) throw new MongoError('BadValue', "Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db");
    refuseRestrictions(args.authenticationRestrictions);
    const mechanisms = readMechanisms(args.mechanisms, args.digestPassword);
    server.users.add(database, args.createUser, checkPassword(args.pwd), { roles: readRoles('createUser', database, args.roles), mechanisms, customData: args.customData });
    return new Doc();
  },
};
