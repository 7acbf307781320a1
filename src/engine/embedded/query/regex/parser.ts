import { anything, complement, ignoringCase, type CharSet } from './charset.ts';
import { wordSet } from './classes.ts';
import { readClass } from './class-parser.ts';
import { one, readCharacters } from './escapes.ts';
import { readGroup } from './group-parser.ts';
import { Names } from './names.ts';
import { invalid, Source } from './source.ts';
import type { Node, Options, Pattern, RepeatMode } from './syntax.ts';

/**
 * Parses a pattern in PCRE's syntax. https://www.pcre.org/current/doc/html/pcre2pattern.html
 * @throws MongoError 51091 where it is not one, or uses what is not supported
 */
export function parsePattern(text: string, options: Options): Pattern {
  const source = new Source(text);
  const all = { ...options };
  for (let verb = leadingVerb(source); verb !== undefined; verb = leadingVerb(source)) {
    if (verb === 'UCP') all.unicode = true;
  }
  const names = new Names(text);
  const parser = new Parser(source, names);
  const root = parser.alternatives(all);
  if (!source.done) throw invalid('unmatched closing parenthesis');
  names.check();
  return { root, groups: names.count };
}

function leadingVerb(source: Source): string | undefined {
  const before = source.at;
  const verb = source.take('(*') ? source.takeUntil(')') : undefined;
  if (verb !== undefined && /^(UCP|UTF8?|UTF|NO_START_OPT|NO_AUTO_POSSESS|NO_JIT|NOTEMPTY|LF|BSR_ANYCRLF|BSR_UNICODE|LIMIT_\w+=\d+)$/.test(verb)) return verb;
  source.back(before);
  return undefined;
}

/** Reads a pattern; groups are read in `group-parser.ts`, which comes back for what is in them. */
export class Parser {
  readonly source: Source;
  readonly names: Names;

  constructor(source: Source, names: Names) {
    this.source = source;
    this.names = names;
  }

  /** Branches up to a closing parenthesis or the end; `options` may be changed by `(?i)` for what follows. */
  alternatives(options: Options): Node {
    const inside: Options = { ...options };
    const branches = [this.branch(inside)];
    while (this.source.take('|')) branches.push(this.branch(inside));
    return branches.length === 1 ? (branches[0] as Node) : { kind: 'choice', options: branches };
  }

  /** One branch. */
  branch(options: Options): Node {
    const items: Node[] = [];
    for (;;) {
      this.#skip(options);
      if (this.source.done || this.source.peek() === '|' || this.source.peek() === ')') break;
      if (this.source.take('\\Q')) {
        items.push(...this.#quoted(options));
        continue;
      }
      if (this.source.take('\\E')) continue;
      const atom = this.#atom(options);
      if (atom) items.push(this.#repeated(atom, options));
    }
    return items.length === 1 ? (items[0] as Node) : { kind: 'sequence', items };
  }

  /** Option x leaves out white space and comments. */
  #skip(options: Options): void {
    const { source } = this;
    for (;;) {
      if (source.looksAt('(?#')) {
        if (source.takeUntil(')') === undefined) throw invalid('missing ) after (?# comment');
      } else if (options.extended && /[\t-\r \u0085\u200e\u200f\u2028\u2029]/.test(source.peek())) {
        source.next();
      } else if (options.extended && source.peek() === '#') {
        source.takeWhile(/[^\n]/);
      } else {
        return;
      }
    }
  }

  #quoted(options: Options): Node[] {
    const text = this.source.takeUntil('\\E') ?? this.source.takeWhile(/[^]/);
    const items = [...text].map((char) => characters(one(char.codePointAt(0) as number), options));
    const final = items.pop();
    return final ? [...items, this.#repeated(final, options)] : [];
  }

  #atom(options: Options): Node | undefined {
    const { source } = this;
    if (/[*+?]/.test(source.peek()) || this.#isCount()) throw invalid('quantifier does not follow a repeatable item');
    const char = source.next();
    switch (char) {
      case '.': return { kind: 'set', set: options.dotAll ? anything : complement([0x0a, 0x0a]) };
      case '[': return { kind: 'set', set: readClass(source, options) };
      case '(': return readGroup(this, options);
      case '^': return { kind: 'assert', what: options.multiline ? 'lineStart' : 'start' };
      case '$': return { kind: 'assert', what: options.multiline ? 'lineEnd' : 'endOrNewline' };
      case '\\': return this.#escape(options);
      default: return characters(one(char.codePointAt(0) as number), options);
    }
  }

  #escape(options: Options): Node {
    const { source } = this;
    const letter = source.peek();
    const assertion = asserting(letter, options);
    if (assertion) {
      source.next();
      return assertion;
    }
    if (/[1-9]/.test(letter)) return this.#numbered(options);
    if (letter === 'g' || letter === 'k') return this.#reference(options);
    if (source.take('R')) return newline;
    if (source.take('X')) return { kind: 'sequence', items: [{ kind: 'set', set: anything }, { kind: 'repeat', body: { kind: 'set', set: marks() }, min: 0, max: Infinity, mode: 'greedy' }] };
    const set = readCharacters(source, options.unicode);
    if (!set) throw invalid('unrecognized character follows \\');
    return characters(set, options);
  }

  /** `\1` is a group; a larger number than there are groups is a character in octal. */
  #numbered(options: Options): Node {
    const { source, names } = this;
    const before = source.at;
    const digits = source.takeWhile(/\d/);
    const group = Number(digits);
    if (group < 10 || group <= names.total) return names.reference([group], options.ignoreCase);
    source.back(before);
    const octal = source.takeWhile(/[0-7]/, 3);
    if (octal === '') return names.reference([group], options.ignoreCase);
    return characters(one(Number.parseInt(octal, 8)), options);
  }

  /** `\g{2}`, `\g{-1}`, `\k<name>`: what a group matched; `\g<1>` and `\g'name'`: its pattern once more. */
  #reference(options: Options): Node {
    const { source, names } = this;
    const letter = source.next();
    for (const [open, close] of [['{', '}'], ['<', '>'], ["'", "'"]] as const) {
      if (!source.take(open)) continue;
      const name = source.takeUntil(close);
      if (!name) throw invalid(letter === 'k' ? 'subpattern name expected' : 'a numbered reference must not be zero');
      if (letter === 'g' && open !== '{') return names.call(name);
      return names.reference(letter === 'g' ? names.resolve(name) : names.named(name), options.ignoreCase);
    }
    if (letter === 'k') throw invalid('\\k is not followed by a braced, angle-bracketed, or quoted name');
    const number = source.takeWhile(/[-+\d]/);
    if (!/^[-+]?\d+$/.test(number)) throw invalid('\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number');
    return names.reference(names.resolve(number), options.ignoreCase);
  }

  #isCount(): boolean {
    const { source } = this;
    const before = source.at;
    const found = readCount(source) !== undefined;
    source.back(before);
    return found;
  }

  #repeated(atom: Node, options: Options): Node {
    let node = atom;
    for (;;) {
      this.#skip(options);
      const count = this.#count();
      if (!count) return node;
      if (node.kind === 'assert' || node.kind === 'keep') throw invalid('quantifier does not follow a repeatable item');
      const mode: RepeatMode = this.source.take('?') ? 'lazy' : this.source.take('+') ? 'possessive' : 'greedy';
      node = { kind: 'repeat', body: node, ...count, mode };
      this.#skip(options);
      if (/[*+?]/.test(this.source.peek()) || this.#isCount()) throw invalid('quantifier does not follow a repeatable item');
    }
  }

  #count(): { min: number; max: number } | undefined {
    const { source } = this;
    if (source.take('*')) return { min: 0, max: Infinity };
    if (source.take('+')) return { min: 1, max: Infinity };
    if (source.take('?')) return { min: 0, max: 1 };
    return readCount(source);
  }
}

/** `{2}`, `{2,}`, `{2,5}`; anything else that begins with a brace means itself, and nothing is read. */
function readCount(source: Source): { min: number; max: number } | undefined {
  const before = source.at;
  const text = source.take('{') ? source.takeUntil('}') : undefined;
  const match = text === undefined ? null : /^(\d+)(,(\d*))?$/.exec(text);
  if (!match) {
    source.back(before);
    return undefined;
  }
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] ? Number(match[3]) : Infinity;
  if (min > 65535 || (max !== Infinity && max > 65535)) throw invalid('number too big in {} quantifier');
  if (max < min) throw invalid('numbers out of order in {} quantifier');
  return { min, max };
}

function asserting(letter: string, options: Options): Node | undefined {
  switch (letter) {
    case 'b': case 'B': return { kind: 'assert', what: { word: wordSet(options.unicode), negative: letter === 'B' } };
    case 'A': return { kind: 'assert', what: 'start' };
    case 'Z': return { kind: 'assert', what: 'endOrNewline' };
    case 'z': return { kind: 'assert', what: 'end' };
    case 'G': return { kind: 'assert', what: 'first' };
    case 'K': return { kind: 'keep' };
    default: return undefined;
  }
}

function characters(set: CharSet, options: Options): Node {
  return { kind: 'set', set: options.ignoreCase ? ignoringCase(set) : set };
}

/** `\R`: any end of a line. */
const newline: Node = {
  kind: 'atomic',
  body: { kind: 'choice', options: [
    { kind: 'sequence', items: [{ kind: 'set', set: [0x0d, 0x0d] }, { kind: 'set', set: [0x0a, 0x0a] }] },
    { kind: 'set', set: [0x0a, 0x0d, 0x85, 0x85, 0x2028, 0x2029] },
  ] },
};

const marks = (): CharSet => readCharacters(new Source('p{M}'), false) ?? [];

