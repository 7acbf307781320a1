import { Doc, type Value } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { open } from '../auth/roles.ts';

/** https://www.mongodb.com/docs/manual/reference/command/listCommands/ */
export const command: CommandDefinition = {
  run({ server }) {
    const own = [...server.commands].filter(([name, definition]) => !definition.aliases?.includes(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Doc.of({ commands: new Doc(own.map(([name, definition]): [string, Value] => [name, describe(name, definition)])) });
  },
};

function describe(name: string, { adminOnly, writes, stable }: CommandDefinition): Doc {
  return Doc.of({
    help: `https://www.mongodb.com/docs/manual/reference/command/${name}/`, requiresAuth: !open.has(name), secondaryOk: writes !== true, adminOnly: adminOnly === true,
    apiVersions: stable ? ['1'] : [], deprecatedApiVersions: [],
  });
}
