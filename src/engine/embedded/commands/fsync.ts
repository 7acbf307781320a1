import { bool, integer, readArguments, type ArgumentFields } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { fsync: integer(), lock: bool, fsyncLockAcquisitionTimeoutMillis: integer() } satisfies ArgumentFields;

/** There are no files to write out, nor to keep still for a copy. https://www.mongodb.com/docs/manual/reference/command/fsync/ */
export const command: CommandDefinition = {
  adminOnly: true, fields,
  run({ body }) {
    if (readArguments('fsync', body, fields, isGeneric).lock) throw new MongoError('CommandNotSupported', 'locking for a copy of the files is not supported by this server, which has none');
    return Doc.of({ numFiles: int32(1) });
  },
};
