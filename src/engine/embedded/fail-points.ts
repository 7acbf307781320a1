import { toDouble } from './bson/number.ts';
import { Doc, isNumeric, type Value } from './bson/value.ts';
import { MongoError } from './errors.ts';

/** What a fail point does to a command that it hits. */
export interface CommandFailure {
  errorCode: number | undefined;
  errorLabels: Value[] | undefined;
  closeConnection: boolean;
  writeConcernError: Doc | undefined;
  blockMs: number;
}

interface FailPoint {
  /** How many times more; Infinity is always on. */
  times: number;
  skip: number;
  data: Doc;
}

/** The fail points of drivers' tests: https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point */
export class FailPoints {
  #failCommand: FailPoint | undefined;
  #failWrite: FailPoint | undefined;
  #failGetMore: FailPoint | undefined;

  /** @throws MongoError where the mode is not one, or the fail point is not known */
  configure(name: string, mode: Value | undefined, data: Doc): void {
    if (name === 'failCommand') this.#failCommand = parseMode(mode, data);
    else if (name === 'onPrimaryTransactionalWrite') this.#failWrite = parseMode(mode, data);
    else if (name === 'failGetMoreAfterCursorCheckout') this.#failGetMore = parseMode(mode, data);
    else throw new MongoError('CommandFailed', `${name} is not a known fail point`);
  }

  /** What a retryable write is to suffer: the connection is lost before it is committed, or after. */
  hitWrite(): { committed: boolean } | undefined {
    const point = take(this.#failWrite);
    if (point && point.times <= 0) this.#failWrite = undefined;
    return point && { committed: !point.data.has('failBeforeCommitExceptionCode') };
  }

  /** The code of the error that a `getMore` is to end in. */
  hitGetMore(): number | undefined {
    const point = take(this.#failGetMore);
    if (point && point.times <= 0) this.#failGetMore = undefined;
    return point && failureOf(point.data).errorCode;
  }

  /** What the command is to suffer, if anything. Counts as a use. */
  hit(command: string, appName: string | undefined, namespace: string | undefined): CommandFailure | undefined {
    const point = this.#failCommand;
    if (!point) return undefined;
    const { data } = point;
    const commands = data.get('failCommands');
    if (!Array.isArray(commands) || !commands.includes(command)) return undefined;
    if (data.has('appName') && data.get('appName') !== appName) return undefined;
    if (data.has('namespace') && data.get('namespace') !== namespace) return undefined;
    if (!take(point)) return undefined;
    if (point.times <= 0) this.#failCommand = undefined;
    return failureOf(data);
  }
}

/** Counts a use; undefined where it is not yet its turn. */
function take(point: FailPoint | undefined): FailPoint | undefined {
  if (!point) return undefined;
  if (point.skip > 0) {
    point.skip--;
    return undefined;
  }
  point.times--;
  return point;
}

function parseMode(mode: Value | undefined, data: Doc): FailPoint | undefined {
  if (mode === 'off') return undefined;
  if (mode === 'alwaysOn') return { times: Infinity, skip: 0, data };
  const times = mode instanceof Doc ? mode.get('times') : undefined;
  if (times !== undefined && isNumeric(times)) return { times: toDouble(times), skip: 0, data };
  const skip = mode instanceof Doc ? mode.get('skip') : undefined;
  if (skip !== undefined && isNumeric(skip)) return { times: Infinity, skip: toDouble(skip), data };
  throw new MongoError('BadValue', 'unknown fail point mode');
}

function failureOf(data: Doc): CommandFailure {
  const code = data.get('errorCode');
  const block = data.get('blockTimeMS');
  const labels = data.get('errorLabels');
  const concern = data.get('writeConcernError');
  return {
    errorCode: code !== undefined && isNumeric(code) ? toDouble(code) : undefined,
    errorLabels: Array.isArray(labels) ? labels : undefined,
    closeConnection: data.get('closeConnection') === true,
    writeConcernError: concern instanceof Doc ? concern : undefined,
    blockMs: data.get('blockConnection') === true && block !== undefined && isNumeric(block) ? toDouble(block) : 0,
  };
}
