import { anything, bool } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** Nobody logs in. https://www.mongodb.com/docs/manual/reference/command/connectionStatus/ */
export const command: CommandDefinition = {
  stable: true, fields: { connectionStatus: anything, showPrivileges: bool },
  run({ body }) {
    const privileges = body.get('showPrivileges') === true ? { authenticatedUserPrivileges: [] } : {};
    return Doc.of({ authInfo: Doc.of({ authenticatedUsers: [], authenticatedUserRoles: [], ...privileges }) });
  },
};
