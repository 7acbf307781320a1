import { object, readArguments, required, text, type ArgumentFields } from '../arguments.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { explainCommand } from '../explain/command.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { explain: required(object), verbosity: text } satisfies ArgumentFields;
const verbosities = ['queryPlanner', 'executionStats', 'allPlansExecution'];

/** How a command would be run. https://www.mongodb.com/docs/manual/reference/command/explain/ */
export const command: CommandDefinition = { stable: true, fields, run: explain };

function* explain(context: CommandContext): Work<Reply> {
  const args = readArguments('explain', context.body, fields, isGeneric);
  const verbosity = args.verbosity ?? 'allPlansExecution';
  if (!verbosities.includes(verbosity)) throw new MongoError('BadValue', `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`);
  return yield* explainCommand(context, args.explain, verbosity);
}
