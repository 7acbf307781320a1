import { int32 } from './bson/decode.ts';
import { isWhole, toDouble } from './bson/number.ts';
import { Doc, isNumeric, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** What one stage that sorts may hold where it may not use the disk, in bytes. */
export const sortMemory = 'internalQueryMaxBlockingSortMemoryUsageBytes';

/** How long the server waits before it looks again for documents whose time is over, in seconds. */
export const ttlSleep = 'ttlMonitorSleepSecs';

/** Whether it looks for them. */
export const ttlEnabled = 'ttlMonitorEnabled';

interface Parameter {
  readonly initial: Value;
  /** What is kept of a value that is set; absent where none can be while the server runs. @throws MongoError where it is wrong */
  readonly read?: (value: Value, name: string) => Value;
}

const wholeFrom = (least: number) => (value: Value, name: string): Value => {
  if (!isNumeric(value) || !isWhole(value)) throw new MongoError('BadValue', `${name} must be a whole number`);
  if (toDouble(value) < least) throw new MongoError('BadValue', `Invalid value for parameter ${name}: ${toDouble(value)} is not greater than or equal to ${least}`);
  return value;
};

const flag = (value: Value, name: string): Value => {
  if (isNumeric(value)) return toDouble(value) !== 0;
  if (typeof value !== 'boolean') throw new MongoError('BadValue', `${name} must be a boolean or a number`);
  return value;
};

/** The server parameters there are. https://www.mongodb.com/docs/manual/reference/parameters/ */
const known: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  ['featureCompatibilityVersion', { initial: Doc.of({ version: '8.2' }) }],
  ['quiet', { initial: false, read: (value) => value }],
  ['notablescan', { initial: false }],
  ['logLevel', { initial: int32(0), read: (value) => value }],
  ['enableTestCommands', { initial: true }],
  ['requireApiVersion', { initial: false }],
  ['authenticationMechanisms', { initial: ['SCRAM-SHA-256'] }],
  ['localLogicalSessionTimeoutMinutes', { initial: int32(30) }],
  [ttlEnabled, { initial: true, read: flag }],
  [ttlSleep, { initial: int32(60), read: wholeFrom(1) }],
  [sortMemory, { initial: int32(100 * 1024 * 1024), read: wholeFrom(0) }],
]);

/** The parameters of one server. */
export class Parameters {
  readonly #values = new Map([...known].map(([name, { initial }]) => [name, initial]));
  readonly #listeners: ((name: string) => void)[] = [];

  [Symbol.iterator](): Iterator<[string, Value]> {
    return this.#values[Symbol.iterator]();
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** @throws MongoError where there is none that can be set, or not to this */
  set(name: string, value: Value): void {
    const read = known.get(name)?.read;
    if (!read) throw new MongoError('InvalidOptions', `attempted to set unrecognized parameter [${name}], use help:true to see options `);
    this.#values.set(name, read(value, name));
    for (const listener of this.#listeners) listener(name);
  }

  /** Tells of each that is set. */
  whenSet(listener: (name: string) => void): void {
    this.#listeners.push(listener);
  }
}
