import { BsonSymbol, Regex } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Predicate } from './predicate.ts';
import { search, type Found } from './regex/machine.ts';
import { parsePattern } from './regex/parser.ts';
import { compile, type Program } from './regex/program.ts';
import { invalid } from './regex/source.ts';
import { translate } from './regex/translate.ts';

/** A compiled regular expression. */
export interface CompiledRegex {
  test(text: string): boolean;
  /** The first match from a place on, in UTF-16 units. */
  find(text: string, from: number): Found | undefined;
}

/** Longer patterns, in bytes, are refused. */
const longest = 16 * 1024;

const compiled = new Map<string, CompiledRegex>();

/**
 * Compiles a regular expression in PCRE's syntax with MongoDB's options i, m, s, x and u. It is run by V8's linear
 * engine where both mean the same, else by backtracking with an end, so that no pattern hangs the server.
 * https://www.mongodb.com/docs/manual/reference/operator/query/regex/
 * @throws MongoError where the options or the pattern are wrong
 */
export function compileRegex(pattern: string, options: string): CompiledRegex {
  const key = `${options}/${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  const fresh = compilePattern(pattern, options);
  if (compiled.size > 500) compiled.clear();
  compiled.set(key, fresh);
  return fresh;
}

function compilePattern(pattern: string, options: string): CompiledRegex {
  if (pattern.includes('\0')) throw new MongoError('BadValue', 'Regular expression cannot contain an embedded null byte');
  for (const option of options) {
    if (!'imsxu'.includes(option)) throw new MongoError(51108, `invalid flag in regex options: ${option}`);
  }
  if (Buffer.byteLength(pattern) > longest) throw invalid('regular expression is too large');
  const tree = parsePattern(pattern, {
    ignoreCase: options.includes('i'), multiline: options.includes('m'), dotAll: options.includes('s'), extended: options.includes('x'), unicode: false,
  });
  const fast = translate(tree);
  let program: Program | undefined = fast ? undefined : compile(tree);
  const slow = (text: string, from: number): Found | undefined => search((program ??= compile(tree)), text, from);
  if (!fast) return { test: (text) => slow(text, 0) !== undefined, find: slow };
  const positions = new RegExp(fast.expression.source, `${fast.expression.flags}gd`);
  return {
    test: (text) => (fast.fits(text) ? fast.expression.test(text) : slow(text, 0) !== undefined),
    find: (text, from) => {
      if (!fast.exact || !fast.fits(text)) return slow(text, from);
      positions.lastIndex = from;
      return asFound(positions.exec(text));
    },
  };
}

function asFound(match: RegExpExecArray | null): Found | undefined {
  if (!match?.indices) return undefined;
  const [whole, ...groups] = match.indices as [[number, number], ...([number, number] | undefined)[]];
  return { start: whole[0], end: whole[1], groups };
}

/** A test of strings by a regular expression. */
export function regexMatcher(pattern: string, options: string): (text: string) => boolean {
  return compileRegex(pattern, options).test;
}

/** A regular expression as a query's predicate: strings that match, and an equal regular expression. */
export function regexPredicate(pattern: string, options: string): Predicate {
  const { test } = compileRegex(pattern, options);
  const sorted = [...options].sort().join('');
  return {
    op: 'regex', operand: new Regex(pattern, options), leaves: true,
    test: (value) =>
      typeof value === 'string' ? test(value)
      : value instanceof BsonSymbol ? test(value.value)
      : value instanceof Regex && value.pattern === pattern && value.options === sorted,
  };
}
