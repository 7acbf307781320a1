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
  /** From 0 to 1. */
  probability: number;
  /** How often it was come to. */
  entered: number;
  data: Doc;
}

const known = new Set(['failCommand', 'onPrimaryTransactionalWrite', 'failGetMoreAfterCursorCheckout', 'maxTimeAlwaysTimeOut', 'maxTimeNeverTimeOut']);

/** The fail points of drivers' tests: https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point */
export class FailPoints {
  readonly #points = new Map<string, FailPoint>();

  /**
   * @returns how often the fail point was come to since it was set last
   * @throws MongoError where the mode is not one, or the fail point is not known
   */
  configure(name: string, mode: Value | undefined, data: Doc): number {
    if (!known.has(name)) throw new MongoError('FailPointSetFailed', `${name} not found`);
    const entered = this.#points.get(name)?.entered ?? 0;
    const point = parseMode(mode, data);
    if (point) this.#points.set(name, point);
    else this.#points.delete(name);
    return entered;
  }

  /** True where none is set. */
  get none(): boolean {
    return this.#points.size === 0;
  }

  /** What a retryable write is to suffer: the connection is lost before it is committed, or after. */
  hitWrite(): { committed: boolean } | undefined {
    const point = take(this.#points.get('onPrimaryTransactionalWrite'));
    return point && { committed: !point.data.has('failBeforeCommitExceptionCode') };
  }

  /** The code of the error that a `getMore` is to end in. */
  hitGetMore(): number | undefined {
    const point = take(this.#points.get('failGetMoreAfterCursorCheckout'));
    return point && failureOf(point.data).errorCode;
  }

  /** True where what has a time limit, of whatever length, is to be at its end. */
  timeIsOver(): boolean {
    return take(this.#points.get('maxTimeAlwaysTimeOut')) !== undefined;
  }

  /** True where time limits are to be nothing. */
  timeNeverEnds(): boolean {
    return take(this.#points.get('maxTimeNeverTimeOut')) !== undefined;
  }

  /** What the command of these names is to suffer, if anything. Counts as a use. */
  hit(names: readonly string[], appName: string | undefined, namespace: string | undefined): CommandFailure | undefined {
    const point = this.#points.get('failCommand');
    if (!point) return undefined;
    const { data } = point;
    const commands = data.get('failCommands');
    if (!Array.isArray(commands) || !names.some((name) => commands.includes(name))) return undefined;
    if (data.has('appName') && data.get('appName') !== appName) return undefined;
    if (data.has('namespace') && data.get('namespace') !== namespace) return undefined;
    if (!take(point)) return undefined;
    return failureOf(data);
  }
}

/** Counts a use; undefined where it is not yet its turn. */
function take(point: FailPoint | undefined): FailPoint | undefined {
  if (!point || point.times <= 0) return undefined;
  point.entered++;
  if (point.skip > 0) {
    point.skip--;
    return undefined;
  }
  if (Math.random() >= point.probability) return undefined;
  point.times--;
  return point;
}

function parseMode(mode: Value | undefined, data: Doc): FailPoint | undefined {
  if (mode === 'off') return undefined;
  const point = { times: Infinity, skip: 0, probability: 1, entered: 0, data };
  if (mode === 'alwaysOn') return point;
  const times = mode instanceof Doc ? mode.get('times') : undefined;
  if (times !== undefined && isNumeric(times)) return { ...point, times: toDouble(times) };
  const skip = mode instanceof Doc ? mode.get('skip') : undefined;
  if (skip !== undefined && isNumeric(skip)) return { ...point, skip: toDouble(skip) };
  const probability = mode instanceof Doc ? mode.get('activationProbability') : undefined;
  if (probability !== undefined && isNumeric(probability) && toDouble(probability) >= 0 && toDouble(probability) <= 1) return { ...point, probability: toDouble(probability) };
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
