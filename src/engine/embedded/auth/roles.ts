import { MongoError } from '../errors.ts';

/** A role that somebody has, and on which database. */
export interface Role {
  readonly role: string;
  readonly db: string;
}

/** Anybody may run these, who has logged in or not. */
export const open = new Set(['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue', 'logout', 'ping', 'buildInfo', 'buildinfo', 'connectionStatus', 'whatsmyuri', 'listCommands']);

/** Whoever has logged in may run these; what they show is theirs. */
const own = new Set(['startSession', 'endSessions', 'refreshSessions', 'killSessions', 'commitTransaction', 'abortTransaction', 'killCursors', 'getMore', 'listDatabases', 'currentOp']);

const looking = ['listCollections', 'listIndexes', 'collStats', 'collstats', 'dbStats', 'dbstats'];
const reading = ['find', 'aggregate', 'count', 'distinct', 'explain', 'dataSize', 'datasize', ...looking];
const making = ['create', 'createIndexes', 'drop', 'dropIndexes', 'deleteIndexes', 'collMod', 'convertToCapped', 'renameCollection', 'cloneCollectionAsCapped'];
const writing = ['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite', ...making];
const administering = [...looking, ...making, 'dropDatabase', 'reIndex', 'validate', 'profile', 'planCacheClear'];
const managing = ['createUser', 'updateUser', 'dropUser', 'dropAllUsersFromDatabase', 'usersInfo', 'grantRolesToUser', 'revokeRolesFromUser'];
/** `inprog` is no command: who may do it sees with `currentOp` what others do. */
const monitoring = ['inprog', 'serverStatus', 'connPoolStats', 'hostInfo', 'getLog', 'getCmdLineOpts', 'getParameter', 'getFreeMonitoringStatus', 'replSetGetStatus', 'replSetGetConfig', ...looking];
const running = [...monitoring, 'setParameter', 'configureFailPoint', 'killAllSessions', 'killAllSessionsByPattern', 'dropDatabase'];

interface RoleDefinition {
  readonly commands: readonly string[];
  /** True where it is about all databases, and stands in `admin`. */
  readonly everywhere?: boolean;
}

/** MongoDB's own roles, as far as there are commands for them: https://www.mongodb.com/docs/manual/reference/built-in-roles/ */
const definitions: Readonly<Record<string, RoleDefinition>> = {
  read: { commands: reading },
  readWrite: { commands: [...reading, ...writing] },
  dbAdmin: { commands: administering },
  userAdmin: { commands: managing },
  dbOwner: { commands: [...reading, ...writing, ...administering, ...managing] },
  readAnyDatabase: { commands: reading, everywhere: true },
  readWriteAnyDatabase: { commands: [...reading, ...writing], everywhere: true },
  dbAdminAnyDatabase: { commands: administering, everywhere: true },
  userAdminAnyDatabase: { commands: managing, everywhere: true },
  clusterMonitor: { commands: monitoring, everywhere: true },
  clusterManager: { commands: monitoring, everywhere: true },
  hostManager: { commands: running, everywhere: true },
  clusterAdmin: { commands: running, everywhere: true },
  backup: { commands: reading, everywhere: true },
  restore: { commands: [...writing, ...managing], everywhere: true },
  root: { commands: [...reading, ...writing, ...administering, ...managing, ...running], everywhere: true },
};

/** @throws MongoError RoleNotFound */
export function checkRole({ role, db }: Role): void {
  const definition = Object.hasOwn(definitions, role) ? definitions[role] : undefined;
  if (!definition || (definition.everywhere && db !== 'admin')) throw new MongoError('RoleNotFound', `Could not find role: ${role}@${db}`);
}

/** True where one of the roles lets its owner run the command on the database. */
export function allows(roles: readonly Role[], command: string, database: string): boolean {
  return own.has(command) || roles.some(({ role, db }) => {
    const definition = definitions[role];
    return definition !== undefined && (definition.everywhere === true || db === database) && definition.commands.includes(command);
  });
}
