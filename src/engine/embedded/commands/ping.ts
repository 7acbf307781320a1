import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/ping/ */
export const command: CommandDefinition = { stable: true, fields: {}, run: () => new Doc() };
