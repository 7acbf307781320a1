import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { currentOperations } from '../current-operations.ts';
import { isGeneric } from '../generic-arguments.ts';
import { operationContext } from '../operation.ts';
import { parseFilter } from '../query/filter.ts';
import { isTrue } from '../truth.ts';

const own = new Set(['currentOp', '$all', '$ownOps', '$truncateOps']);

/** All other fields are conditions on what is shown. https://www.mongodb.com/docs/manual/reference/command/currentOp/ */
export const command: CommandDefinition = {
  adminOnly: true,
  run({ server, client, body }) {
    const filter = parseFilter(new Doc([...body].filter(([name]) => !own.has(name) && !isGeneric(name))), operationContext({}), { unindexed: true });
    const operations = currentOperations(server, client, { idle: isTrue(body.get('$all')), everyones: !isTrue(body.get('$ownOps')) });
    return Doc.of({ inprog: operations.filter((operation) => filter.matchesDoc(operation)) });
  },
};
