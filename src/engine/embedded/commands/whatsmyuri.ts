import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** The client's own address, as mongosh asks for it. */
export const command: CommandDefinition = {
  run: ({ client }) => Doc.of({ you: `127.0.0.1:${client.info.remotePort}` }),
};
