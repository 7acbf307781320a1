import type { Parser } from './parser.ts';
import { invalid } from './source.ts';
import { empty, type Condition, type Node, type Options } from './syntax.ts';

const looks: Readonly<Record<string, { ahead: boolean; negative: boolean }>> = {
  '?=': { ahead: true, negative: false }, '?!': { ahead: true, negative: true },
  '?<=': { ahead: false, negative: false }, '?<!': { ahead: false, negative: true },
  '*pla:': { ahead: true, negative: false }, '*positive_lookahead:': { ahead: true, negative: false },
  '*nla:': { ahead: true, negative: true }, '*negative_lookahead:': { ahead: true, negative: true },
  '*plb:': { ahead: false, negative: false }, '*positive_lookbehind:': { ahead: false, negative: false },
  '*nlb:': { ahead: false, negative: true }, '*negative_lookbehind:': { ahead: false, negative: true },
};

/** Reads a group from behind its opening parenthesis; undefined for one that only sets options. */
export function readGroup(parser: Parser, options: Options): Node | undefined {
  const { source, names } = parser;
  for (const [text, look] of Object.entries(looks)) {
    if (source.take(text)) return { kind: 'look', ...look, body: closed(parser, options) };
  }
  if (source.take('*')) return readVerb(parser, options);
  if (!source.take('?')) {
    const index = names.open();
    return { kind: 'group', index, body: closed(parser, options) };
  }
  if (source.take(':')) return wrapped(closed(parser, options));
  if (source.take('>')) return { kind: 'atomic', body: closed(parser, options) };
  if (source.take('|')) return readReset(parser, options);
  if (source.take('(')) return readCondition(parser, options);
  return readNamed(parser, options) ?? readCall(parser) ?? readOptions(parser, options);
}

/** A group's own node, so that a quantifier takes all of it. */
const wrapped = (node: Node): Node => ({ kind: 'sequence', items: [node] });

function closed(parser: Parser, options: Options): Node {
  const body = parser.alternatives(options);
  if (!parser.source.take(')')) throw invalid('missing closing parenthesis');
  return body;
}

function readVerb(parser: Parser, options: Options): Node {
  const { source } = parser;
  if (source.take('atomic:')) return { kind: 'atomic', body: closed(parser, options) };
  const verb = source.takeUntil(')');
  if (verb === 'FAIL' || verb === 'F') return { kind: 'set', set: [] };
  throw invalid('(*VERB) not recognized or malformed');
}

/** `(?|…)`: the branches number their groups alike. */
function readReset(parser: Parser, options: Options): Node {
  const { source, names } = parser;
  const first = names.count;
  let most = first;
  const branches: Node[] = [];
  const inside = { ...options };
  do {
    names.count = first;
    branches.push(parser.branch(inside));
    most = Math.max(most, names.count);
  } while (source.take('|'));
  names.count = most;
  if (!source.take(')')) throw invalid('missing closing parenthesis');
  return wrapped({ kind: 'choice', options: branches });
}

/** `(?(1)yes|no)`, `(?(<name>)…)`, `(?(?=…)…)`, `(?(DEFINE)…)`. */
function readCondition(parser: Parser, options: Options): Node {
  const test = readTest(parser, options);
  const body = closed(parser, options);
  const branches = body.kind === 'choice' ? body.options : [body];
  if (branches.length > 2) throw invalid('conditional subpattern contains more than two branches');
  if (test.kind === 'define' && branches.length > 1) throw invalid('DEFINE subpattern contains more than one branch');
  const [yes = empty, no = empty] = branches;
  return { kind: 'condition', test, yes, no };
}

function readTest(parser: Parser, options: Options): Condition {
  const { source, names } = parser;
  for (const [text, look] of Object.entries(looks)) {
    if (source.take(text)) return { kind: 'look', ...look, body: closed(parser, options) };
  }
  const text = source.takeUntil(')');
  if (text === undefined) throw invalid('missing closing parenthesis for condition');
  if (text === 'DEFINE') return { kind: 'define' };
  if (/^R\d*$/.test(text)) return { kind: 'recursion' };
  const name = /^(?:<(.+)>|'(.+)')$/.exec(text);
  const wanted = name?.[1] ?? name?.[2] ?? text;
  if (!/^([-+]?\d+|[\p{L}_][\p{L}\p{N}_]*)$/u.test(wanted)) throw invalid('malformed number or name after (?(');
  return { kind: 'group', groups: names.condition(wanted) };
}

/** `(?<name>…)`, `(?'name'…)`, `(?P<name>…)`, and `(?P=name)`, which refers to one. */
function readNamed(parser: Parser, options: Options): Node | undefined {
  const { source, names } = parser;
  if (source.take('P=')) {
    const name = source.takeUntil(')');
    if (!name) throw invalid('subpattern name expected');
    return names.reference(names.named(name), options.ignoreCase);
  }
  const close = source.take('P<') || source.take('<') ? '>' : source.take("'") ? "'" : undefined;
  if (close === undefined) return undefined;
  const name = source.takeUntil(close);
  if (name === undefined) throw invalid('syntax error in subpattern name (missing terminator?)');
  if (name === '') throw invalid('subpattern name expected');
  const index = names.open(name);
  return { kind: 'group', index, body: closed(parser, options) };
}

/** `(?R)`, `(?1)`, `(?-1)`, `(?&name)`, `(?P>name)`. */
function readCall(parser: Parser): Node | undefined {
  const { source, names } = parser;
  const before = source.at;
  const isNamed = source.take('&') || source.take('P>');
  const text = source.takeUntil(')');
  if (isNamed && text) return names.call(text);
  if (text === 'R') return names.call('0');
  if (text !== undefined && /^[-+]?\d+$/.test(text)) return names.call(text);
  source.back(before);
  return undefined;
}

/** `(?i)` for what follows, `(?i:…)` for what is inside, `(?^)` for none. */
function readOptions(parser: Parser, options: Options): Node | undefined {
  const { source } = parser;
  const changed = { ...options };
  if (source.take('^')) Object.assign(changed, { ignoreCase: false, multiline: false, dotAll: false, extended: false });
  let on = true;
  for (;;) {
    const letter = source.next();
    switch (letter) {
      case '-': on = false; break;
      case 'i': changed.ignoreCase = on; break;
      case 'm': changed.multiline = on; break;
      case 's': changed.dotAll = on; break;
      case 'x': changed.extended = on; break;
      case ')': Object.assign(options, changed); return undefined;
      case ':': return wrapped(closed(parser, changed));
      case '': throw invalid('missing closing parenthesis');
      default: throw invalid('unrecognized character after (? or (?-');
    }
  }
}
