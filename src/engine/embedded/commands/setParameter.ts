import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { parameterDefaults } from '../parameters.ts';

/** Takes only what would change nothing here: the logging. https://www.mongodb.com/docs/manual/reference/command/setParameter/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server, body }) {
    const names = [...body.keys()].filter((name) => name !== 'setParameter' && !isGeneric(name));
    const [name] = names;
    if (name === undefined) throw new MongoError('InvalidOptions', 'no option found to set, use help:true to see options ');
    if (!['logLevel', 'quiet'].includes(name)) throw new MongoError('InvalidOptions', `attempted to set unrecognized parameter [${name}], use help:true to see options `);
    const was = server.parameters.get(name) ?? parameterDefaults.get(name);
    server.parameters.set(name, body.get(name) ?? null);
    return Doc.of({ was });
  },
};
