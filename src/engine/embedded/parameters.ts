import { int32 } from './bson/decode.ts';
import { Doc, type Value } from './bson/value.ts';

/** The server parameters there are, and what they are at first. None of them changes how this server works. */
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
]);
