import { anything, object, readArguments, required, text } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';
import { isGeneric } from '../generic-arguments.ts';

const fields = { configureFailPoint: required(text), mode: anything, data: object };

/** The fail point `failCommand` of drivers' tests. */
export const command: CommandDefinition = {
  adminOnly: true, fields,
  run({ server, body }) {
    const args = readArguments('configureFailPoint', body, fields, isGeneric);
    return Doc.of({ count: int32(server.failPoints.configure(args.configureFailPoint, args.mode, args.data ?? new Doc())) });
  },
};
