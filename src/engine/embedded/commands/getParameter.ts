import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

/** https://www.mongodb.com/docs/manual/reference/command/getParameter/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server, body }) {
    const all = body.get('getParameter') === '*' || (body.get('getParameter') instanceof Doc && (body.get('getParameter') as Doc).get('allParameters') === true);
    const reply = new Doc();
    for (const [name, value] of server.parameters) {
      if (all || body.has(name)) reply.set(name, value);
    }
    const asked = [...body.keys()].filter((name) => name !== 'getParameter' && !isGeneric(name));
    if (!all && asked.length === 0) throw new MongoError('InvalidOptions', 'no option found to get');
    if (reply.size === 0) throw new MongoError('InvalidOptions', 'no option found to get');
    return reply;
  },
};
