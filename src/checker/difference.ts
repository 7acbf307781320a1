type Plain = Record<string, unknown>;

/** The first place where two values differ, or undefined where they are equal. ObjectIds and dates count by value, field order does not. */
export interface Difference {
  /** `[2].timestamp`, or empty for the whole. */
  path: string;
  actual: unknown;
  expected: unknown;
}

export function firstDifference(actual: unknown, expected: unknown, path = ''): Difference | undefined {
  if (Object.is(actual, expected)) return undefined;
  const differs: Difference = { path, actual, expected };
  if (typeof actual !== typeof expected || actual === null || expected === null || typeof actual !== 'object' || typeof expected !== 'object') {
    return actual === expected ? undefined : differs;
  }
  const [left, right] = [scalarOf(actual), scalarOf(expected)];
  if (left !== undefined || right !== undefined) return left === right ? undefined : differs;
  if (Array.isArray(actual) !== Array.isArray(expected)) return differs;
  if (Array.isArray(actual) && Array.isArray(expected)) {
    for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
      if (index >= actual.length || index >= expected.length) return differs;
      const inner = firstDifference(actual[index], expected[index], `${path}[${index}]`);
      if (inner) return inner;
    }
    return undefined;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const at = path === '' ? key : `${path}.${key}`;
    const [mine, wanted] = [(actual as Plain)[key], (expected as Plain)[key]];
    if (!(key in actual) && wanted !== undefined) return { path: at, actual: missing, expected: wanted };
    if (!(key in expected) && mine !== undefined) return { path: at, actual: mine, expected: missing };
    const inner = firstDifference(mine, wanted, at);
    if (inner) return inner;
  }
  return undefined;
}

/** Stands for a field that is not there. */
export const missing: unique symbol = Symbol('missing');

/** One text for values that are equal by value, undefined for plain objects and arrays. */
function scalarOf(value: object): string | undefined {
  if (value instanceof Date) return `date ${value.getTime()}`;
  if ('_bsontype' in value) return `${String(value._bsontype)} ${value._bsontype === 'ObjectId' ? (value as unknown as { toHexString(): string }).toHexString() : String(value)}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  return undefined;
}

/** A value as feedback shows it: on one line, cut where it is long. */
export function showForPeople(value: unknown, most = 240): string {
  const text = show(value, 0);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function show(value: unknown, depth: number): string {
  if (value === missing) return '(missing)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : `Date ${value.toISOString()}`;
  if ('_bsontype' in value) return value._bsontype === 'ObjectId' ? `ObjectId("${String(value)}")` : `${String(value._bsontype)}(${String(value)})`;
  if ('kind' in value && 'label' in value) return `(${String(value.kind)}${value.label ? ` ${String(value.label)}` : ''})`;
  if (depth > 5) return '…';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.slice(0, 20).map((item) => show(item, depth + 1)).join(', ')}${value.length > 20 ? `, … ${value.length - 20} more` : ''}]`;
  const fields = Object.entries(value).slice(0, 40).map(([key, item]) => `${/^[\w$]+$/.test(key) ? key : JSON.stringify(key)}: ${show(item, depth + 1)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
