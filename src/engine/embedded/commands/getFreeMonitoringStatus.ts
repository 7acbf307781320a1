import { anything } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandDefinition } from '../command.ts';

/** Older shells ask for it when they start. */
export const command: CommandDefinition = {
  adminOnly: true, fields: { getFreeMonitoringStatus: anything },
  run: () => Doc.of({ state: 'undecided' }),
};
