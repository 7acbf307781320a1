import { charSet, complement, fromClass, union, type CharSet } from './charset.ts';

const ascii = {
  digit: charSet([[0x30, 0x39]]),
  word: charSet([[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]),
  space: charSet([[0x09, 0x0d], [0x20, 0x20]]),
};

/** `\h`: horizontal white space. */
const horizontal = charSet([[0x09, 0x09], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x180e, 0x180e], [0x2000, 0x200a], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000]]);

/** `\v`: what ends a line, vertically. */
const vertical = charSet([[0x0a, 0x0d], [0x85, 0x85], [0x2028, 0x2029]]);

/** The characters of words: for `\w` and `\b`. */
export function wordSet(unicode: boolean): CharSet {
  return unicode ? union(fromClass('[\\p{L}\\p{N}_]')) : ascii.word;
}

/** The set that a letter after `\` stands for; undefined for another letter. */
export function escapeSet(letter: string, unicode: boolean): CharSet | undefined {
  const set = simpleSet(letter.toLowerCase(), unicode);
  if (letter === 'N') return complement([0x0a, 0x0a]);
  return set && letter !== letter.toLowerCase() ? complement(set) : set;
}

function simpleSet(letter: string, unicode: boolean): CharSet | undefined {
  switch (letter) {
    case 'd': return unicode ? fromClass('\\p{Nd}') : ascii.digit;
    case 'w': return wordSet(unicode);
    case 's': return unicode ? union(horizontal, vertical, fromClass('\\p{Z}')) : ascii.space;
    case 'h': return horizontal;
    case 'v': return vertical;
    default: return undefined;
  }
}

const posix: Readonly<Record<string, readonly [plain: readonly (readonly [number, number])[], unicode: string]>> = {
  alpha: [[[0x41, 0x5a], [0x61, 0x7a]], '\\p{L}'],
  lower: [[[0x61, 0x7a]], '\\p{Ll}'],
  upper: [[[0x41, 0x5a]], '\\p{Lu}'],
  alnum: [[[0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]], '[\\p{L}\\p{N}]'],
  ascii: [[[0x00, 0x7f]], '[\\0-\\x7f]'],
  blank: [[[0x09, 0x09], [0x20, 0x20]], '[\\t\\p{Zs}]'],
  cntrl: [[[0x00, 0x1f], [0x7f, 0x7f]], '\\p{Cc}'],
  digit: [[[0x30, 0x39]], '\\p{Nd}'],
  graph: [[[0x21, 0x7e]], '[^\\p{Z}\\p{C}]'],
  print: [[[0x20, 0x7e]], '[\\p{Zs}[^\\p{Z}\\p{C}]]'],
  punct: [[[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]], '\\p{P}'],
  space: [[[0x09, 0x0d], [0x20, 0x20]], '[\\s\\x85]'],
  word: [[[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]], '[\\p{L}\\p{N}_]'],
  xdigit: [[[0x30, 0x39], [0x41, 0x46], [0x61, 0x66]], '[0-9A-Fa-f]'],
};

/** The set of `[:name:]`; undefined for an unknown name. */
export function posixSet(name: string, unicode: boolean): CharSet | undefined {
  const known = posix[name];
  if (!known) return undefined;
  if (unicode && name === 'print') return union(fromClass('\\p{Zs}'), fromClass('[^\\p{Z}\\p{C}]'));
  return unicode ? fromClass(known[1]) : charSet(known[0]);
}

const special: Readonly<Record<string, string>> = {
  any: '[\\s\\S]', 'l&': '[\\p{Lu}\\p{Ll}\\p{Lt}]', lc: '[\\p{Lu}\\p{Ll}\\p{Lt}]', xan: '[\\p{L}\\p{N}]', xwd: '[\\p{L}\\p{N}_]', xsp: '[\\s\\x85]', xps: '[\\s\\x85]', xuc: '[$@`\\xa0-\\ud7ff\\ue000-\\u{10ffff}]',
};

/** The set of `\p{name}`: a general category, a script, or one of PCRE's own; undefined for an unknown name. */
export function propertySet(name: string): CharSet | undefined {
  const plain = name.replace(/[\s_-]+/g, '_').replace(/^(sc|script)_?[:=]_?/i, '').replace(/^(scx|script_extensions)_?[:=]_?/i, '');
  const own = special[plain.toLowerCase()];
  if (own !== undefined) return fromClass(own);
  const titled = plain.split('_').map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase()).join('_');
  for (const candidate of [plain, titled, `scx=${plain}`, `scx=${titled}`]) {
    if (isProperty(candidate)) return fromClass(`\\p{${candidate}}`);
  }
  return undefined;
}

function isProperty(name: string): boolean {
  if (!/^\w+(=\w+)?$/.test(name)) return false;
  try {
    return new RegExp(`\\p{${name}}`, 'u').unicode;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
