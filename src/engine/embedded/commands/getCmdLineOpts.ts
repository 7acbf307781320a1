import { anything } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/getCmdLineOpts/ */
export const command: CommandDefinition = {
  adminOnly: true, fields: { getCmdLineOpts: anything },
  run: () => Doc.of({ argv: ['mongod'], parsed: Doc.of({ net: Doc.of({ bindIp: '127.0.0.1' }) }) }),
};
