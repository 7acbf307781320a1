import { anything } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** The client's own address, as mongosh asks for it. */
export const command: CommandDefinition = {
  fields: { whatsmyuri: anything },
  run: ({ client }) => Doc.of({ you: `127.0.0.1:${client.info.remotePort}` }),
};
