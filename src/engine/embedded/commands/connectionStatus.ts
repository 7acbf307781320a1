import { anything, bool, readArguments, type ArgumentFields } from '../arguments.ts';
import { rolesOf } from '../auth/authorize.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { connectionStatus: anything, showPrivileges: bool } satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/connectionStatus/ */
export const command: CommandDefinition = {
  stable: true, fields,
  run({ server, client, body }) {
    const roles = rolesOf(server, client);
    const show = readArguments('connectionStatus', body, fields, isGeneric).showPrivileges ?? false;
    if (show && roles.length > 0) throw new MongoError('NotImplemented', 'connectionStatus with showPrivileges is not supported by this server for one who has logged in');
    return Doc.of({
      authInfo: Doc.of({
        authenticatedUsers: client.loggedIn.map(({ name, database }) => Doc.of({ user: name, db: database })),
        authenticatedUserRoles: roles.map(({ role, db }) => Doc.of({ role, db })),
        ...(show ? { authenticatedUserPrivileges: [] } : {}),
      }),
      uuid: client.uuid,
    });
  },
};
