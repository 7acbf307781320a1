import { escapeSet, propertySet } from './classes.ts';
import { charSet, complement, type CharSet } from './charset.ts';
import { invalid, type Source } from './source.ts';

const controls: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** The set of one character. */
export function one(point: number): CharSet {
  return charSet([[point, point]]);
}

/**
 * Reads what follows a `\` and means characters, in a class or out of it; undefined where it means something else, and
 * then nothing is read.
 * @throws MongoError where the escape is not complete
 */
export function readCharacters(source: Source, unicode: boolean): CharSet | undefined {
  const letter = source.peek();
  if (letter === '') throw invalid('\\ at end of pattern');
  if (!/[A-Za-z0-9]/.test(letter)) return one(source.next().codePointAt(0) as number);
  const control = controls[letter];
  if (control !== undefined) {
    source.next();
    return one(control);
  }
  if (letter === 'p' || letter === 'P') return readProperty(source);
  const set = letter === 'N' && source.peek(1) === '{' ? undefined : escapeSet(letter, unicode);
  if (set) {
    source.next();
    return set;
  }
  const point = readCode(source);
  return point === undefined ? undefined : one(point);
}

/** A character by its number: `\x41`, `\x{1f600}`, `\o{101}`, `\0`, `\cA`, `\N{U+41}`. */
function readCode(source: Source): number | undefined {
  if (source.take('x{')) return number(source.takeUntil('}'), 16);
  if (source.take('o{')) return number(source.takeUntil('}'), 8);
  if (source.take('N{U+')) return number(source.takeUntil('}'), 16);
  if (source.take('x')) return Number.parseInt(source.takeWhile(/[0-9a-f]/i, 2) || '0', 16);
  if (source.looksAt('0')) return Number.parseInt(source.takeWhile(/[0-7]/, 3), 8);
  if (source.take('c')) {
    const letter = source.next();
    if (letter === '') throw invalid('\\c at end of pattern');
    if (!/[ -~]/.test(letter)) throw invalid('\\c must be followed by a printable ASCII character');
    return letter.toUpperCase().charCodeAt(0) ^ 0x40;
  }
  return undefined;
}

function number(digits: string | undefined, base: 8 | 16): number {
  const allowed = base === 16 ? /^[0-9a-f]+$/i : /^[0-7]+$/;
  if (digits === undefined || !allowed.test(digits)) throw invalid(base === 16 ? 'non-hex character in \\x{} (closing brace missing?)' : 'non-octal character in \\o{} (closing brace missing?)');
  const point = Number.parseInt(digits, base);
  if (point > 0x10ffff) throw invalid('character code point value in \\x{} or \\o{} is too large');
  if (point >= 0xd800 && point <= 0xdfff) throw invalid('disallowed Unicode code point (>= 0xd800 && <= 0xdfff)');
  return point;
}

function readProperty(source: Source): CharSet {
  let negative = source.next() === 'P';
  let name: string | undefined = source.peek();
  if (source.take('{')) {
    name = source.takeUntil('}');
    if (name?.startsWith('^')) {
      negative = !negative;
      name = name.slice(1);
    }
  } else {
    source.next();
  }
  if (!name) throw invalid('malformed \\P or \\p sequence');
  const set = propertySet(name);
  if (!set) throw invalid('unknown property after \\P or \\p');
  return negative ? complement(set) : set;
}
