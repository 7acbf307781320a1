import { Doc, type Maybe } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

/** https://www.mongodb.com/docs/manual/reference/command/setParameter/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server: { parameters }, body }) {
    const names = [...body.keys()].filter((name) => name !== 'setParameter' && !isGeneric(name));
    const [first] = names;
    if (first === undefined) throw new MongoError('InvalidOptions', 'no option found to set, use help:true to see options ');
    const was: Maybe = parameters.get(first);
    for (const name of names) parameters.set(name, body.get(name) ?? null);
    return Doc.of({ was });
  },
};
