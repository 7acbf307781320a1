import type { Document } from 'mongo-course/checker';
import type { Declared, Rule } from './declared.ts';

/** The longest text that is tried: beyond it, a server may refuse a body for its size before anybody looks at its fields. */
const longest = 50_000;

/** Bodies that break one declared rule each. */
export function wrongBodies({ fields, valid }: Declared): { what: string; body: Document }[] {
  const wrong: { what: string; body: Document }[] = [];
  const other = { string: { not: 'a text' }, integer: 'no number', number: 'no number', boolean: 'neither', date: 'no date' } as const;
  for (const [field, rule] of Object.entries(fields)) {
    if (rule.required) wrong.push({ what: `without ${field}, which is required`, body: Object.fromEntries(Object.entries(valid).filter(([name]) => name !== field)) });
    wrong.push({ what: `with a ${field} that is no ${rule.type}`, body: { ...valid, [field]: other[rule.type] } });
    if (rule.type === 'integer') wrong.push({ what: `with a ${field} that is no whole number`, body: { ...valid, [field]: (rule.min ?? 0) + 0.5 } });
    if (rule.type === 'string' && rule.minLength && rule.minLength <= longest) wrong.push({ what: `with a ${field} that is too short`, body: { ...valid, [field]: 'x'.repeat(rule.minLength - 1) } });
    if (rule.type === 'string' && rule.maxLength !== undefined && rule.maxLength < longest) wrong.push({ what: `with a ${field} that is too long`, body: { ...valid, [field]: 'x'.repeat(rule.maxLength + 1) } });
    if ((rule.type === 'integer' || rule.type === 'number') && rule.min !== undefined) wrong.push({ what: `with a ${field} that is too small`, body: { ...valid, [field]: rule.min - 1 } });
    if ((rule.type === 'integer' || rule.type === 'number') && rule.max !== undefined) wrong.push({ what: `with a ${field} that is too large`, body: { ...valid, [field]: rule.max + 1 } });
    const [below, above] = rule.type === 'number' ? [hairFrom(rule.min, -1), hairFrom(rule.max, 1)] : [];
    if (below !== undefined) wrong.push({ what: `with a ${field} that is a little too small, ${below},`, body: { ...valid, [field]: below } });
    if (above !== undefined) wrong.push({ what: `with a ${field} that is a little too large, ${above},`, body: { ...valid, [field]: above } });
  }
  return wrong;
}

/** The next number beyond a limit with a digit more than it has, three at least; undefined where there is none. */
function hairFrom(limit: number | undefined, direction: 1 | -1): number | undefined {
  if (limit === undefined) return undefined;
  const [digits = '', exponent = '0'] = String(limit).split('e');
  const places = Math.min(100, Math.max(3, (digits.split('.')[1]?.length ?? 0) - Number(exponent) + 1));
  const beyond = Number((limit + direction * 10 ** -places).toFixed(places));
  return beyond === limit ? undefined : beyond;
}

/** A value that just keeps a declared rule, and others farther from breaking it. */
export interface JustRight {
  what: string;
  field: string;
  value: unknown;
  inside: unknown[];
  hint: string;
}

/** For each declared limit the value that is exactly at it, and for a number that may have one a fraction. */
export function justRight({ fields }: Declared): JustRight[] {
  return Object.entries(fields).flatMap(([field, rule]) => (rule.type === 'string' ? lengths(field, rule) : rule.type === 'integer' || rule.type === 'number' ? numbers(field, rule) : []));
}

function lengths(field: string, { minLength = 0, maxLength = Infinity }: Rule): JustRight[] {
  const hint = 'A limit is itself allowed: length >= minLength and length <= maxLength.';
  const found: JustRight[] = [];
  const add = (length: number, inside: number): void => void found.push({ what: `a text of exactly ${length} characters as ${field}`, field, value: 'x'.repeat(length), inside: ['x'.repeat(inside)], hint });
  if (minLength > 0 && minLength < longest && minLength < maxLength) add(minLength, minLength + 1);
  if (maxLength <= longest && maxLength > Math.max(minLength, 1)) add(maxLength, maxLength - 1);
  return found;
}

function numbers(field: string, { type, min = -Infinity, max = Infinity }: Rule): JustRight[] {
  const found: JustRight[] = [];
  const add = (value: number, inside: number): void => {
    const fits = type === 'integer' ? Number.isSafeInteger(value) && Number.isSafeInteger(inside) : Number.isFinite(value);
    if (fits && inside >= min && inside <= max) found.push({ what: `exactly ${value} as ${field}`, field, value, inside: [inside], hint: `A limit is itself allowed: value >= min and value <= max.${value === 0 ? ' And 0 is a number like any other: if (!value) takes it for a missing one.' : ''}` });
  };
  const step = type === 'integer' || max - min > 1 ? 1 : (max - min) / 2;
  add(min, min + step);
  add(max, max - step);
  // Between two whole numbers that are allowed.
  const whole = Math.ceil(Number.isFinite(min) ? min : Number.isFinite(max) ? max - 1 : 1);
  if (type === 'number' && whole + 1 <= max && Number.isSafeInteger(whole)) {
    found.push({ what: `${whole + 0.5} as ${field}`, field, value: whole + 0.5, inside: [whole, whole + 1], hint: 'A number may have a fraction; one that may not is declared as an integer.' });
  }
  return found;
}
