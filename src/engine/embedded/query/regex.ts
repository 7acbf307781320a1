import { setFlagsFromString } from 'node:v8';
import { BsonSymbol, Regex } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Predicate } from './predicate.ts';

// A pattern that backtracks without end, ^(a+)+$ for one, is finished by V8's linear engine instead of hanging the server.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

const compiled = new Map<string, (text: string) => boolean>();

/**
 * A test of strings by a regular expression with MongoDB's options i, m, s, x and u.
 * @throws MongoError where the options or the pattern are wrong, or the syntax is only PCRE's
 */
export function regexMatcher(pattern: string, options: string): (text: string) => boolean {
  const key = `${options}/${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  const expression = compileRegex(pattern, options);
  const matches = (text: string): boolean => expression.test(text);
  if (compiled.size > 500) compiled.clear();
  compiled.set(key, matches);
  return matches;
}

/** The JavaScript regular expression that means the same, without the flag g. */
export function compileRegex(pattern: string, options: string, extraFlags = ''): RegExp {
  if (pattern.includes('\0')) throw new MongoError('BadValue', 'Regular expression cannot contain an embedded null byte');
  for (const option of options) {
    if (!'imsxu'.includes(option)) throw new MongoError(51108, `invalid flag in regex options: ${option}`);
  }
  const { body, inline } = leadingOptions(pattern);
  const all = options + inline;
  const source = translate(all.includes('x') ? withoutComments(body) : body);
  const flags = `${[...new Set(all.replace(/[xu]/g, ''))].join('')}${extraFlags}`;
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      throw new MongoError(51091, `Regular expression is invalid: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`);
    }
  }
}

/** What PCRE lets a pattern begin with: `(*UCP)` and the like, and options for all of it, `(?i)`. */
function leadingOptions(pattern: string): { body: string; inline: string } {
  let body = pattern.replace(/^(\(\*(UCP|UTF8?)\))+/, '');
  const options = /^\(\?([imsx]+)\)/.exec(body);
  if (options) body = body.slice(options[0].length);
  return { body, inline: options?.[1] ?? '' };
}

/** PCRE's spellings that JavaScript writes otherwise. */
function translate(pattern: string): string {
  return pattern
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\z/g, '(?![\\s\\S])')
    .replace(/\\Z/g, '(?=\\n?(?![\\s\\S]))')
    .replace(/\\h/g, '[ \\t]')
    .replace(/\[\[:(\w+):\]\]/g, (whole, name: string) => posix[name] ?? whole);
}

const posix: Record<string, string> = {
  alpha: '[A-Za-z]', digit: '[0-9]', alnum: '[A-Za-z0-9]', upper: '[A-Z]', lower: '[a-z]', space: '\\s', punct: '[!-\\/:-@\\[-`{-~]', xdigit: '[0-9A-Fa-f]', word: '\\w',
};

/** Option x: white space and comments outside classes are left out. */
function withoutComments(pattern: string): string {
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === '\\') {
      result += char + (pattern[++at] ?? '');
    } else if (inClass) {
      inClass = char !== ']';
      result += char;
    } else if (char === '#') {
      while (at + 1 < pattern.length && pattern[at + 1] !== '\n') at++;
    } else if (!/\s/.test(char)) {
      inClass = char === '[';
      result += char;
    }
  }
  return result;
}

/** A regular expression as a query's predicate: strings that match, and an equal regular expression. */
export function regexPredicate(pattern: string, options: string): Predicate {
  const matches = regexMatcher(pattern, options);
  const sorted = [...options].sort().join('');
  return {
    op: 'regex', operand: new Regex(pattern, options), leaves: true,
    test: (value) =>
      typeof value === 'string' ? matches(value)
      : value instanceof BsonSymbol ? matches(value.value)
      : value instanceof Regex && value.pattern === pattern && value.options === sorted,
  };
}
