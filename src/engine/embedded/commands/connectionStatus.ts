import { anything, bool } from '../arguments.ts';
import { rolesOf } from '../auth/authorize.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';

/** https://www.mongodb.com/docs/manual/reference/command/connectionStatus/ */
export const command: CommandDefinition = {
  stable: true, fields: { connectionStatus: anything, showPrivileges: bool },
  run({ server, client, body }) {
    const roles = rolesOf(server, client);
    const show = body.get('showPrivileges') === true;
    if (show && roles.length > 0) throw new MongoError('NotImplemented', 'connectionStatus with showPrivileges is not supported by this server for one who has logged in');
    return Doc.of({
      authInfo: Doc.of({
        authenticatedUsers: client.loggedIn.map(({ name, database }) => Doc.of({ user: name, db: database })),
        authenticatedUserRoles: roles.map(({ role, db }) => Doc.of({ role, db })),
        ...(show ? { authenticatedUserPrivileges: [] } : {}),
      }),
    });
  },
};
