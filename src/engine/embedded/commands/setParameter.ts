import { isWhole, toDouble } from '../bson/number.ts';
import { Doc, isNumeric, type Maybe } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { parameterDefaults, sortMemory } from '../parameters.ts';

/** Takes what would change nothing here, the logging, and how much a sort may hold. https://www.mongodb.com/docs/manual/reference/command/setParameter/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server, body }) {
    const names = [...body.keys()].filter((name) => name !== 'setParameter' && !isGeneric(name));
    const [name] = names;
    if (name === undefined) throw new MongoError('InvalidOptions', 'no option found to set, use help:true to see options ');
    if (name === sortMemory) checkBytes(name, body.get(name));
    else if (!['logLevel', 'quiet'].includes(name)) throw new MongoError('InvalidOptions', `attempted to set unrecognized parameter [${name}], use help:true to see options `);
    const was = server.parameters.get(name) ?? parameterDefaults.get(name);
    server.parameters.set(name, body.get(name) ?? null);
    return Doc.of({ was });
  },
};

function checkBytes(name: string, value: Maybe): void {
  if (!isNumeric(value) || !isWhole(value)) throw new MongoError('BadValue', `${name} must be a whole number`);
  if (toDouble(value) < 0) throw new MongoError('BadValue', `Invalid value for parameter ${name}: ${toDouble(value)} is not greater than or equal to 0`);
}
