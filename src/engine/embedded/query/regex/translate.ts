import type { CharSet } from './charset.ts';
import { wordSet } from './classes.ts';
import { enableLinearEngine } from './linear-engine.ts';
import { holds, isNullable, type Node, type Pattern } from './syntax.ts';

enableLinearEngine();

/** A pattern as V8 runs it, for the texts on which it means the same. */
export interface Translation {
  /** Tells whether a text matches. */
  readonly expression: RegExp;
  /** True where positions and captures are the same too. */
  readonly exact: boolean;
  /** True where the translation means the same on a text. */
  fits(text: string): boolean;
}

/**
 * Translates a pattern into a JavaScript regular expression that always ends in linear time; undefined where there is
 * none: it looks around, refers back, or counts far. No flag but m is used: i and u would keep it from the linear
 * engine, so cases are spelled out, and texts with surrogates are left to `machine.ts`.
 */
export function translate({ root }: Pattern): Translation | undefined {
  const anchors = anchorsOf(root);
  if (!anchors || holds(root, isForeign)) return undefined;
  const expression = linear(write(root), anchors.lines ? 'm' : '');
  if (!expression) return undefined;
  const unfit = anchors.lines ? /[\ud800-\udfff\r\u2028\u2029]|\n$/ : anchors.ends ? /[\ud800-\udfff]|\n$/ : /[\ud800-\udfff]/;
  return { expression, exact: !holds(root, capturesAgain), fits: (text) => !unfit.test(text) };
}

function linear(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, `${flags}l`).flags === '' ? undefined : new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isForeign = (node: Node): boolean => {
  switch (node.kind) {
    case 'look': case 'atomic': case 'reference': case 'call': case 'condition': case 'keep': return true;
    case 'repeat': return node.mode === 'possessive';
    case 'assert': return node.what === 'first' || (typeof node.what === 'object' && node.what.word !== wordSet(false));
    default: return false;
  }
};

/** JavaScript forgets a group's capture when a repetition begins anew, and knows other empty repetitions. */
const capturesAgain = (node: Node): boolean => node.kind === 'repeat' && (isNullable(node.body) || holds(node.body, (part) => part.kind === 'group'));

/** Which anchors there are; undefined where they cannot be told apart by the flag m. */
function anchorsOf(root: Node): { lines: boolean; ends: boolean } | undefined {
  const has = (names: readonly string[]): boolean => holds(root, (node) => node.kind === 'assert' && typeof node.what === 'string' && names.includes(node.what));
  const lines = has(['lineStart', 'lineEnd']);
  const ends = has(['start', 'end', 'endOrNewline']);
  return lines && ends ? undefined : { lines, ends };
}

function write(node: Node): string {
  switch (node.kind) {
    case 'set': return writeSet(node.set);
    case 'sequence': return node.items.map((item) => (item.kind === 'choice' ? `(?:${write(item)})` : write(item))).join('');
    case 'choice': return node.options.map(write).join('|');
    case 'group': return `(${write(node.body)})`;
    case 'repeat': return `(?:${write(node.body)})${writeCount(node.min, node.max)}${node.mode === 'lazy' ? '?' : ''}`;
    case 'assert': return writeAssertion(node.what as string | { negative: boolean });
    default: throw new Error(`${node.kind} has no translation`);
  }
}

function writeAssertion(what: string | { negative: boolean }): string {
  if (typeof what === 'object') return what.negative ? '\\B' : '\\b';
  return what === 'start' || what === 'lineStart' ? '^' : '$';
}

function writeCount(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/** The characters of the basic plane; the texts that come have no others. */
function writeSet(set: CharSet): string {
  let ranges = '';
  for (let at = 0; at < set.length; at += 2) {
    const [from, to] = [set[at] as number, Math.min(set[at + 1] as number, 0xffff)];
    if (from > 0xffff) break;
    if (set.length === 2 && from === to) return hex(from);
    ranges += from === to ? hex(from) : `${hex(from)}-${hex(to)}`;
  }
  return ranges === '\\u0000-\\uffff' ? '[^]' : `[${ranges}]`;
}

const hex = (point: number): string => `\\u${point.toString(16).padStart(4, '0')}`;
