/**
 * Values on their way between a submission's process and the slot, as JSON with tags. Knows the shapes that matter to a
 * course on MongoDB, by their looks alone: nothing here imports the driver.
 */
export type Encoded = unknown;

const mostDepth = 40;
const mostNodes = 200_000;

interface Tagged {
  $t: string;
  v?: unknown;
}

type Plain = Record<string, unknown>;

/** Encodes a copy of a value: functions and exotic objects become marks, cycles and excess depth too. */
export function encodeValue(value: unknown): Encoded {
  const seen = new Set<object>();
  let nodes = 0;
  const encode = (item: unknown, depth: number): Encoded => {
    if (++nodes > mostNodes) return { $t: 'cut' };
    switch (typeof item) {
      case 'string': case 'boolean': return item;
      case 'number': return Number.isFinite(item) && !Object.is(item, -0) ? item : { $t: 'number', v: Object.is(item, -0) ? '-0' : String(item) };
      case 'undefined': return { $t: 'undefined' };
      case 'bigint': return { $t: 'bigint', v: String(item) };
      case 'function': return { $t: 'function', v: String(item.name) };
      case 'symbol': return { $t: 'symbol', v: String(item.description) };
      default:
    }
    if (item === null) return null;
    const object = item as object;
    if (depth > mostDepth || seen.has(object)) return { $t: 'cut' };
    seen.add(object);
    try {
      return encodeObject(object as Plain, (inner) => encode(inner, depth + 1));
    } finally {
      seen.delete(object);
    }
  };
  return encode(value, 0);
}

function encodeObject(item: Plain, encode: (inner: unknown) => Encoded): Encoded {
  if (item instanceof Date) return { $t: 'date', v: item.getTime() };
  if (Array.isArray(item)) return item.map(encode);
  if (item instanceof RegExp) return { $t: 'regexp', v: [item.source, item.flags] };
  if (item instanceof Error) return { $t: 'error', v: describeError(item) };
  if (typeof item._bsontype === 'string') return encodeBson(item);
  if (ArrayBuffer.isView(item)) return { $t: 'bytes', v: Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('base64') };
  if (item instanceof Map) return { $t: 'map', v: [...item].map(([key, value]) => [encode(key), encode(value)]) };
  if (item instanceof Set) return { $t: 'set', v: [...item].map(encode) };
  const fields: Plain = {};
  for (const key of Object.keys(item)) {
    const value = encode(item[key]);
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  }
  const prototype = Object.getPrototypeOf(item) as { constructor?: { name?: unknown } } | null;
  const kind = prototype === null || prototype === Object.prototype ? undefined : String(prototype.constructor?.name ?? '');
  return kind === undefined && !('$t' in fields) ? fields : { $t: 'object', v: fields, k: kind };
}

function encodeBson(item: Plain): Tagged {
  const text = (): string => String((item as { toString(): string }).toString());
  switch (item._bsontype) {
    case 'ObjectId': return { $t: 'objectId', v: String((item as unknown as { toHexString(): unknown }).toHexString()) };
    case 'Long': return { $t: 'long', v: text() };
    case 'Int32': case 'Double': return { $t: 'number', v: String((item as { value?: unknown }).value) };
    case 'Decimal128': return { $t: 'decimal', v: text() };
    default: return { $t: 'bson', v: String(item._bsontype) };
  }
}

/** What is told of something that was thrown. */
export function describeError(error: unknown): Plain {
  if (!(error instanceof Error)) return { isError: false, name: typeof error, message: safeText(error) };
  const extra = error as Error & { code?: unknown; errors?: unknown };
  return {
    isError: true, name: safeText(error.name), message: safeText(error.message).slice(0, 4000), stack: safeText(error.stack).slice(0, 8000),
    ...(typeof extra.code === 'string' || typeof extra.code === 'number' ? { code: extra.code } : {}),
    ...(typeof extra.errors === 'object' && extra.errors !== null ? { errorKeys: Object.keys(extra.errors).slice(0, 200) } : {}),
  };
}

function safeText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '(a value that cannot be shown)';
  }
}

export interface Revivers {
  objectId(hex: string): unknown;
  long(text: string): unknown;
  decimal(text: string): unknown;
}

/** Decodes what `encodeValue` made. Marks of things that can't be copied come out as `Opaque`. */
export function decodeValue(encoded: unknown, revive: Revivers, depth = 0): unknown {
  if (typeof encoded !== 'object' || encoded === null || depth > mostDepth + 2) return encoded;
  if (Array.isArray(encoded)) return encoded.map((item) => decodeValue(item, revive, depth + 1));
  const { $t: tag, v, k } = encoded as { $t?: unknown; v?: unknown; k?: unknown };
  if (typeof tag !== 'string') return decodeFields(encoded as Plain, revive, depth);
  switch (tag) {
    case 'undefined': return undefined;
    case 'number': return Number(v);
    case 'bigint': return typeof v === 'string' && /^-?\d{1,400}$/.test(v) ? BigInt(v) : new Opaque(tag, '');
    case 'date': return new Date(typeof v === 'number' ? v : NaN);
    case 'regexp': return new Opaque(tag, Array.isArray(v) ? `/${String(v[0])}/${String(v[1])}` : '');
    case 'objectId': return typeof v === 'string' && /^[0-9a-f]{24}$/i.test(v) ? revive.objectId(v) : new Opaque(tag, '');
    case 'long': return typeof v === 'string' && /^-?\d{1,20}$/.test(v) ? revive.long(v) : new Opaque(tag, '');
    case 'decimal': return typeof v === 'string' ? revive.decimal(v.slice(0, 60)) : new Opaque(tag, '');
    case 'bytes': return new Uint8Array(Buffer.from(String(v), 'base64'));
    case 'set': return Array.isArray(v) ? new Set(v.map((item) => decodeValue(item, revive, depth + 1))) : new Opaque(tag, '');
    case 'map': return Array.isArray(v) ? new Map(v.filter(Array.isArray).map((pair: unknown[]) => [decodeValue(pair[0], revive, depth + 1), decodeValue(pair[1], revive, depth + 1)])) : new Opaque(tag, '');
    case 'object': return typeof v === 'object' && v !== null ? decodeFields(v as Plain, revive, depth) : new Opaque(tag, String(k));
    case 'error': return new Opaque('error', typeof v === 'object' && v !== null ? String((v as Plain).message) : '');
    default: return new Opaque(tag, typeof v === 'string' ? v : '');
  }
}

function decodeFields(fields: Plain, revive: Revivers, depth: number): Plain {
  const result: Plain = {};
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(result, key, { value: decodeValue(value, revive, depth + 1), enumerable: true, configurable: true, writable: true });
  }
  return result;
}

/** Something that can't leave its process: a function, a symbol, a cycle. */
export class Opaque {
  readonly kind: string;
  readonly label: string;
  constructor(kind: string, label: string) {
    this.kind = kind;
    this.label = label;
  }
}
