import type { Doc } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { isTrue } from './truth.ts';

/** What `validate` was told. */
export interface ValidateOptions {
  /** Documents and entries are not looked at. */
  readonly metadata: boolean;
  readonly background: boolean;
  readonly repairMode: 'None' | 'FixErrors' | 'AdjustMultikey';
}

/**
 * Reads the options of `validate`: each is true as a condition is, and fields it does not know are nothing to it.
 * @throws MongoError where some do not go together, or not with this server
 */
export function readValidateOptions(body: Doc, replset: boolean, database: string): ValidateOptions {
  const is = (name: string): boolean => isTrue(body.get(name));
  const saysNo = (name: string): boolean => body.has(name) && !is(name);
  const refuse = (condition: boolean, message: string, code: 'InvalidOptions' | 'CommandNotSupported' = 'InvalidOptions'): void => {
    if (condition) throw new MongoError(code, message);
  };
  const together = (one: string, other: string): void => refuse(is(one) && is(other), `Running the validate command with both { ${one}: true } and { ${other}: true } is not supported.`);
  const isFull = is('full') || is('enforceFastCount');

  together('background', 'full');
  together('background', 'enforceFastCount');
  refuse(saysNo('checkBSONConformance') && isFull, "Cannot explicitly set 'checkBSONConformance: false' with full validation set.");
  together('background', 'repair');
  together('enforceFastCount', 'repair');
  together('checkBSONConformance', 'repair');
  for (const name of ['repair', 'fixMultikey']) refuse(is(name) && replset, `Running the validate command with { ${name}: true } can only be performed in standalone mode.`);
  refuse(saysNo('fixMultikey') && is('repair'), 'Running the validate command with both { fixMultikey: false } and { repair: true } is not supported.');
  const isMore = is('background') || isFull || is('checkBSONConformance') || is('repair');
  refuse(is('metadata') && isMore, 'Running the validate command with { metadata: true } is not supported with any other options');
  refuse(is('background') && !replset, 'Running the validate command with { background: true } is not supported in standalone mode', 'CommandNotSupported');
  refuse(is('background') && database === 'local', 'Running the validate command with { background: true } is not supported on unreplicated collections', 'CommandNotSupported');

  const repairs = !is('metadata') && !is('enforceFastCount');
  return {
    metadata: is('metadata'), background: is('background'),
    repairMode: !repairs ? 'None' : is('repair') ? 'FixErrors' : is('fixMultikey') ? 'AdjustMultikey' : 'None',
  };
}
