import { formatDecimal } from './decimal.ts';
import {
  BsonSymbol, Binary, Code, DbPointer, Decimal128, Doc, Int32, MinKey, ObjectId, Regex, Timestamp, Undefined, UtcDate, type Maybe,
} from './value.ts';

/** A value as MongoDB's own error messages print it: `{ a: 1, b: "x" }`, `ObjectId('…')`, `new Date(0)`. */
export function showValue(value: Maybe): string {
  if (value === undefined) return 'EOO';
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number') return showDouble(value);
  if (value instanceof Int32) return String(value.value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Doc) return showDoc(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(showValue).join(', ')} ]`;
  if (value instanceof ObjectId) return `ObjectId('${hex(value.bytes)}')`;
  if (value instanceof UtcDate) return `new Date(${value.ms})`;
  if (value instanceof Decimal128) return formatDecimal(value);
  if (value instanceof Binary) return showBinary(value);
  if (value instanceof Timestamp) return `Timestamp(${value.t}, ${value.i})`;
  if (value instanceof Regex) return `/${value.pattern}/${value.options}`;
  if (value instanceof Code) return value.scope ? `CodeWScope( ${value.code}, ${showDoc(value.scope)})` : value.code;
  if (value instanceof BsonSymbol) return `"${value.value}"`;
  if (value instanceof DbPointer) return `DBRef('${value.namespace}',${hex(value.id.bytes)})`;
  if (value instanceof Undefined) return 'undefined';
  return value instanceof MinKey ? 'MinKey' : 'MaxKey';
}

/** A document as error messages print it. */
export function showDoc(doc: Doc): string {
  return doc.size === 0 ? '{}' : `{ ${[...doc].map(([name, value]) => `${name}: ${showValue(value)}`).join(', ')} }`;
}

function showDouble(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return `${Object.is(value, -0) ? '-0' : value}.0`;
  if (Number.isNaN(value)) return 'nan.0';
  if (!Number.isFinite(value)) return value > 0 ? 'inf.0' : '-inf.0';
  return String(value);
}

function showBinary({ subtype, bytes }: Binary): string {
  const text = Buffer.from(bytes).toString('hex');
  if (subtype === 4 && bytes.length === 16) {
    return `UUID("${[text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')}")`;
  }
  return `BinData(${subtype}, ${text.toUpperCase()})`;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
