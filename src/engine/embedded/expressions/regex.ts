import { int32 } from '../bson/decode.ts';
import { Doc, Regex, typeName, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';
import { compileRegex, type CompiledRegex } from '../query/regex.ts';
import type { Found } from '../query/regex/machine.ts';

/** What the arguments come to for a document: undefined where the input or the pattern is null or missing. */
interface Given {
  regex: CompiledRegex;
  text: string;
}

/** `$regexMatch`, `$regexFind`, `$regexFindAll`: what each makes of a text, and what it is where there is none. */
const regexOperator = (result: (given: Given) => Value, none: Value): ParseExpression => (argument, tools, name) => {
  if (!(argument instanceof Doc)) throw new MongoError(51103, `${name} expects an object of named arguments but found: ${typeName(argument)}`);
  const parts: Record<string, Expression> = {};
  for (const [key, value] of argument) {
    if (key !== 'input' && key !== 'regex' && key !== 'options') throw new MongoError(31024, `${name} found an unknown argument: ${key}`);
    parts[key] = tools.parse(value);
  }
  const { input, regex, options } = parts;
  if (!input) throw new MongoError(31022, `${name} requires 'input' parameter`);
  if (!regex) throw new MongoError(31023, `${name} requires 'regex' parameter`);
  return (scope) => {
    const given = readArguments(name, input(scope), regex(scope), options?.(scope));
    return given ? result(given) : none;
  };
};

/** The options are looked at first, then the pattern, then the input. */
function readArguments(name: string, input: Maybe, pattern: Maybe, options: Maybe): Given | undefined {
  if (!isNullish(options) && typeof options !== 'string') throw new MongoError(51106, `${name} needs 'options' to be of type string`);
  if (!isNullish(pattern) && typeof pattern !== 'string' && !(pattern instanceof Regex)) throw new MongoError(51105, `${name} needs 'regex' to be of type string or regex`);
  const source = pattern instanceof Regex ? pattern.pattern : pattern;
  const own = pattern instanceof Regex ? pattern.options : '';
  if (own !== '' && typeof options === 'string') throw new MongoError(51107, `${name}: found regex option(s) specified in both 'regex' and 'option' fields`);
  if (typeof source === 'string' && source.includes('\0')) throw new MongoError(51109, `${name}: regular expression cannot contain an embedded null byte`);
  const flags = typeof options === 'string' ? options : own;
  if (flags.includes('\0')) throw new MongoError(51110, `${name}: regular expression options cannot contain an embedded null byte`);
  const regex = typeof source === 'string' ? compiled(name, source, flags) : undefined;
  if (!isNullish(input) && typeof input !== 'string') throw new MongoError(51104, `${name} needs 'input' to be of type string`);
  return regex && typeof input === 'string' ? { regex, text: input } : undefined;
}

function compiled(name: string, source: string, options: string): CompiledRegex {
  try {
    return compileRegex(source, options);
  } catch (error) {
    if (error instanceof MongoError && error.code === 51091) throw new MongoError(51111, `Invalid Regex in ${name}: ${error.message.replace('Regular expression is invalid: ', '')}`);
    if (error instanceof MongoError && error.code === 51108) throw new MongoError(51108, `${name} ${error.message}`);
    throw error;
  }
}

/** How many characters there are between two places. */
function codePoints(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}

function matchDocument({ start, end, groups }: Found, text: string, before: number): Doc {
  return Doc.of({
    match: text.slice(start, end),
    idx: int32(before),
    captures: groups.map((group) => (group ? text.slice(group[0], group[1]) : null)),
  });
}

/** As much as `$regexFindAll` may find, about, in bytes. */
const mostFound = 64 * 1024 * 1024;

/** All matches, one behind the other; behind an empty one the search goes on a character further, short of the end. */
function allMatches({ regex, text }: Given): Doc[] {
  const matches: Doc[] = [];
  let [from, counted, characters, size] = [0, 0, 0, 0];
  do {
    const found = regex.find(text, from);
    if (!found) break;
    characters += codePoints(text, counted, found.start);
    counted = found.start;
    matches.push(matchDocument(found, text, characters));
    size += 64 + (found.end - found.start) + 16 * found.groups.length;
    if (size > mostFound) throw new MongoError(51151, '$regexFindAll: the size of buffer to store output exceeded the 64MB limit');
    from = found.end > found.start ? found.end : found.end + ((text.codePointAt(found.end) ?? 0) > 0xffff ? 2 : 1);
  } while (from < text.length);
  return matches;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/regexFind/ */
export const expressions: ExpressionFamily = {
  $regexMatch: regexOperator(({ regex, text }) => regex.test(text), false),
  $regexFind: regexOperator(({ regex, text }) => {
    const found = regex.find(text, 0);
    return found ? matchDocument(found, text, codePoints(text, 0, found.start)) : null;
  }, null),
  $regexFindAll: regexOperator(allMatches, []),
};
