import { Doc } from '../bson/value.ts';
import { int32 } from '../bson/decode.ts';
import type { CommandDefinition } from '../command.ts';
import { sessionMinutes } from '../sessions.ts';
import { newUuid } from '../storage/store.ts';

/** https://www.mongodb.com/docs/manual/reference/command/startSession/ */
export const command: CommandDefinition = {
  run({ server }) {
    const id = newUuid();
    server.sessions.touch(Buffer.from(id.bytes).toString('hex'));
    return Doc.of({ id: Doc.of({ id }), timeoutMinutes: int32(sessionMinutes) });
  },
};
