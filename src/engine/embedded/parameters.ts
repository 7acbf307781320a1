import { int32 } from './bson/decode.ts';
import { Doc, type Value } from './bson/value.ts';

/** What one stage that sorts may hold where it may not use the disk, in bytes: the one that changes how this server works. */
export const sortMemory = 'internalQueryMaxBlockingSortMemoryUsageBytes';

/** The server parameters there are, and what they are at first. */
export const parameterDefaults: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['featureCompatibilityVersion', Doc.of({ version: '8.2' })],
  ['quiet', false],
  ['notablescan', false],
  ['logLevel', int32(0)],
  ['enableTestCommands', true],
  ['requireApiVersion', false],
  ['authenticationMechanisms', ['SCRAM-SHA-256']],
  ['localLogicalSessionTimeoutMinutes', int32(30)],
  ['ttlMonitorEnabled', true],
  [sortMemory, int32(100 * 1024 * 1024)],
]);
