import { charSet, complement, ignoringCase, union, type CharSet } from './charset.ts';
import { posixSet } from './classes.ts';
import { one, readCharacters } from './escapes.ts';
import { invalid, type Source } from './source.ts';
import type { Options } from './syntax.ts';

/**
 * Reads a class, `[a-z[:digit:]]`, from behind its opening bracket.
 * @throws MongoError where it does not end, or a range is out of order
 */
export function readClass(source: Source, options: Options): CharSet {
  const negative = source.take('^');
  const parts: CharSet[] = [];
  let quoted = false;
  for (let first = true; ; first = false) {
    if (source.done) throw invalid('missing terminating ] for character class');
    if (quoted ? source.take('\\E') : source.take('\\Q')) {
      quoted = !quoted;
      continue;
    }
    if (source.take('\\E')) continue;
    if (!quoted && !first && source.take(']')) break;
    const item = quoted ? one(source.next().codePointAt(0) as number) : readItem(source, options);
    parts.push(quoted ? item : readRange(source, options, item));
  }
  const set = union(charSet([]), ...parts);
  const all = options.ignoreCase ? ignoringCase(set) : set;
  return negative ? complement(all) : all;
}

function readItem(source: Source, options: Options): CharSet {
  const named = readPosix(source, options);
  if (named) return named;
  const char = source.next();
  if (char !== '\\') return one(char.codePointAt(0) as number);
  if (source.take('b')) return one(8);
  if (/[1-9]/.test(source.peek())) return readOctal(source);
  const set = readCharacters(source, options.unicode);
  if (!set) throw invalid(/[BRX]/.test(source.peek()) ? 'escape sequence is invalid in character class' : 'unrecognized character follows \\');
  return set;
}

function readOctal(source: Source): CharSet {
  const digits = source.takeWhile(/[0-7]/, 3);
  return one(digits === '' ? (source.next().codePointAt(0) as number) : Number.parseInt(digits, 8));
}

/** `a-z` where a hyphen follows a single character and another comes behind it. */
function readRange(source: Source, options: Options, from: CharSet): CharSet {
  if (source.peek() !== '-' || source.peek(1) === ']' || source.peek(1) === '' || !isSingle(from)) return from;
  const before = source.at;
  source.next();
  if (source.looksAt('\\E') || source.looksAt('\\Q')) {
    source.back(before);
    return from;
  }
  const to = readItem(source, options);
  if (!isSingle(to)) return union(from, one(0x2d), to);
  if ((to[0] as number) < (from[0] as number)) throw invalid('range out of order in character class');
  return charSet([[from[0] as number, to[0] as number]]);
}

const isSingle = (set: CharSet): boolean => set.length === 2 && set[0] === set[1];

function readPosix(source: Source, options: Options): CharSet | undefined {
  if (!source.looksAt('[:')) return undefined;
  const before = source.at;
  source.take('[:');
  const negative = source.take('^');
  const name = source.takeWhile(/[a-z]/);
  if (!source.take(':]')) {
    source.back(before);
    return undefined;
  }
  const set = posixSet(options.ignoreCase && (name === 'upper' || name === 'lower') ? 'alpha' : name, options.unicode);
  if (!set) throw invalid('unknown POSIX class name');
  return negative ? complement(set) : set;
}
