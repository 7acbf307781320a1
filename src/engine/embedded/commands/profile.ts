import { anything, integer, object, readArguments, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { profile: integer(), slowms: anything, sampleRate: anything, filter: object } satisfies ArgumentFields;

/** The profiler is off, and cannot be put on. https://www.mongodb.com/docs/manual/reference/command/profile/ */
export const command: CommandDefinition = {
  fields,
  run({ body }) {
    const { profile = 0 } = readArguments('profile', body, fields, isGeneric);
    if (profile === 1 || profile === 2) throw new MongoError('CommandNotSupported', 'profiling is not supported by this server');
    return Doc.of({ was: int32(0), slowms: int32(100), sampleRate: 1 });
  },
};
