import { anything, readArguments, required, text } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { getLog: required(text), filter: anything };

/** The logs are empty: this server keeps none. https://www.mongodb.com/docs/manual/reference/command/getLog/ */
export const command: CommandDefinition = {
  adminOnly: true, fields,
  run({ body }) {
    const { getLog } = readArguments('getLog', body, fields, isGeneric);
    if (getLog === '*') return Doc.of({ names: ['global', 'startupWarnings'] });
    if (getLog !== 'global' && getLog !== 'startupWarnings') throw new MongoError('OperationFailed', `No log named '${getLog}'`);
    return Doc.of({ totalLinesWritten: int32(0), log: [] });
  },
};
