import type { Binary, BSONRegExp, Decimal128, ObjectId, Timestamp } from 'mongodb';
import type { ChalkInstance } from 'chalk';
import { displayWidth } from '../../display-width.ts';
import { stripVTControlCharacters } from 'node:util';

/** Values as mongosh shows them; long ones over several lines. Control characters in texts are shown, not obeyed. */
export function showValue(value: unknown, width: number, color: ChalkInstance): string {
  return show(value, width, color, 0);
}

function show(value: unknown, width: number, color: ChalkInstance, indent: number): string {
  const items = parts(value, (inner, deeper) => show(inner, width, color, deeper), color, indent);
  if (typeof items === 'string') return items;
  const [open, entries, close] = items;
  if (entries.length === 0) return open + close;
  const line = `${open} ${entries.join(', ')} ${close}`;
  if (!line.includes('\n') && indent + displayWidth(stripVTControlCharacters(line)) <= width) return line;
  const gap = ' '.repeat(indent + 2);
  return `${open}\n${entries.map((entry) => gap + entry).join(',\n')}\n${' '.repeat(indent)}${close}`;
}

/** A value that fits one word, or what it consists of. */
function parts(value: unknown, inside: (value: unknown, indent: number) => string, color: ChalkInstance, indent: number): string | [string, string[], string] {
  if (value === null || value === undefined) return color.dim(String(value));
  if (typeof value === 'string') return color.green(quote(value));
  if (typeof value === 'number' || typeof value === 'boolean') return color.yellow(Object.is(value, -0) ? '-0' : String(value));
  if (typeof value === 'bigint') return color.yellow(`Long('${value}')`);
  if (value instanceof Date) return color.magenta(Number.isNaN(value.getTime()) ? 'Invalid Date' : `ISODate('${value.toISOString()}')`);
  if (value instanceof RegExp) return color.red(clean(String(value)));
  if (Array.isArray(value)) return ['[', value.map((item) => inside(item, indent + 2)), ']'];
  if (typeof value !== 'object') return String(value);
  if ('_bsontype' in value) return color.magenta(showBson(value as { _bsontype: string }));
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  return ['{', entries.map(([name, item]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)}: ${inside(item, indent + 2)}`), '}'];
}

function showBson(value: { _bsontype: string }): string {
  switch (value._bsontype) {
    case 'ObjectId': return `ObjectId('${(value as ObjectId).toHexString()}')`;
    case 'Long': return `Long('${String(value)}')`;
    case 'Int32': case 'Double': return String(value);
    case 'Decimal128': return `Decimal128('${(value as Decimal128).toString()}')`;
    case 'BSONRegExp': return clean(`/${(value as BSONRegExp).pattern}/${(value as BSONRegExp).options}`);
    case 'Timestamp': return `Timestamp({ t: ${(value as Timestamp).getHighBitsUnsigned()}, i: ${(value as Timestamp).getLowBitsUnsigned()} })`;
    case 'Binary': return showBinary(value as Binary);
    default: return `${value._bsontype}()`;
  }
}

function showBinary(value: Binary): string {
  return value.sub_type === 4 && value.buffer.length === 16 ? `UUID('${value.toUUID().toHexString()}')` : `BinData(${value.sub_type}, '${clean(Buffer.from(value.buffer).toString('base64'))}')`;
}

const quote = (text: string): string => `'${clean(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => ({ '\n': '\\n', '\t': '\\t', '\r': '\\r' })[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
