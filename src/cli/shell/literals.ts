import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'mongodb';

/** What a line of the shell got wrong, and where in it. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  readonly at: number;
  /** True where the line only ended too early: more of it may follow. */
  readonly unfinished: boolean;

  constructor(message: string, at: number, unfinished = false) {
    super(message);
    this.at = at;
    this.unfinished = unfinished;
  }
}

const text = (name: string, args: readonly unknown[]): string => {
  if (typeof args[0] !== 'string') throw new TypeError(`${name} takes a text, such as ${name}("…").`);
  return args[0];
};

/** The functions that a value may be made with, as in mongosh; `new` before them changes nothing. */
export const constructors: Record<string, (args: readonly unknown[]) => unknown> = {
  ObjectId: (args) => {
    if (args.length === 0) return new ObjectId();
    const hex = text('ObjectId', args);
    if (!/^[0-9a-f]{24}$/i.test(hex)) throw new TypeError('ObjectId takes 24 hexadecimal digits.');
    return new ObjectId(hex);
  },
  ISODate: (args) => date('ISODate', args),
  Date: (args) => date('Date', args),
  NumberInt: (args) => new Int32(Number(args[0] ?? 0)),
  Int32: (args) => new Int32(Number(args[0] ?? 0)),
  NumberLong: (args) => Long.fromString(String(args[0] ?? 0)),
  Long: (args) => Long.fromString(String(args[0] ?? 0)),
  NumberDecimal: (args) => Decimal128.fromString(String(args[0] ?? 0)),
  Decimal128: (args) => Decimal128.fromString(String(args[0] ?? 0)),
  Double: (args) => new Double(Number(args[0] ?? 0)),
  UUID: (args) => (args.length === 0 ? new UUID() : new UUID(text('UUID', args))),
  BinData: (args) => new Binary(Buffer.from(String(args[1] ?? ''), 'base64'), Number(args[0] ?? 0)),
  Timestamp: (args) => new Timestamp({ t: Number(args[0] ?? 0), i: Number(args[1] ?? 0) }),
  RegExp: (args) => new BSONRegExp(text('RegExp', args), typeof args[1] === 'string' ? args[1] : ''),
  MinKey: () => new MinKey(),
  MaxKey: () => new MaxKey(),
};

function date(name: string, args: readonly unknown[]): Date {
  if (args.length === 0) return new Date();
  const [given] = args;
  const value = typeof given === 'number' ? new Date(given) : new Date(text(name, args));
  if (Number.isNaN(value.getTime())) throw new TypeError(`${name} does not understand ${JSON.stringify(given)}; a date looks like "2025-01-31T12:00:00Z".`);
  return value;
}

/** Words that are values. */
export const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true], ['false', false], ['null', null], ['undefined', undefined], ['NaN', NaN], ['Infinity', Infinity],
]);
