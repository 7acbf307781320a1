import type { CharSet } from './charset.ts';

/** A regular expression as a tree. */
export type Node =
  /** One code point. */
  | { kind: 'set'; set: CharSet }
  | { kind: 'sequence'; items: Node[] }
  | { kind: 'choice'; options: Node[] }
  /** What `(…)` captures; groups of the same number are one. */
  | { kind: 'group'; index: number; body: Node }
  | { kind: 'repeat'; body: Node; min: number; max: number; mode: RepeatMode }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'look'; ahead: boolean; negative: boolean; body: Node }
  /** `(?>…)`: once matched, not tried otherwise. */
  | { kind: 'atomic'; body: Node }
  | { kind: 'reference'; groups: readonly number[]; ignoreCase: boolean }
  /** `(?1)`: the group's pattern once more; 0 is the whole. */
  | { kind: 'call'; group: number }
  | { kind: 'condition'; test: Condition; yes: Node; no: Node }
  /** `\K`: the match begins here. */
  | { kind: 'keep' };

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

/** `word` and `notWord` are `\b` and `\B`, by the words that the set tells. */
export type Assertion = 'start' | 'end' | 'endOrNewline' | 'lineStart' | 'lineEnd' | 'first' | { word: CharSet; negative: boolean };

export type Condition = { kind: 'group'; groups: readonly number[] } | { kind: 'look'; ahead: boolean; negative: boolean; body: Node } | { kind: 'recursion' } | { kind: 'define' };

/** A parsed pattern. */
export interface Pattern {
  root: Node;
  /** How many groups capture. */
  groups: number;
}

/** What every option starts as, or is in a part of the pattern. */
export interface Options {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
  /** `(*UCP)`: words, digits and spaces of all scripts. */
  unicode: boolean;
}

/** Nothing: what an empty pattern or branch is. */
export const empty: Node = { kind: 'sequence', items: [] };

/** The parts of a tree, one level down. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence': return node.items;
    case 'choice': return node.options;
    case 'group': case 'repeat': case 'look': case 'atomic': return [node.body];
    case 'condition': return node.test.kind === 'look' ? [node.test.body, node.yes, node.no] : [node.yes, node.no];
    default: return [];
  }
}

/** True where some part of the tree is of a kind. */
export function holds(node: Node, is: (part: Node) => boolean): boolean {
  return is(node) || childrenOf(node).some((child) => holds(child, is));
}

/** True where a tree can match without a character. What is not known is taken for it. */
export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'set': return false;
    case 'sequence': return node.items.every(isNullable);
    case 'choice': return node.options.some(isNullable);
    case 'group': case 'atomic': return isNullable(node.body);
    case 'repeat': return node.min === 0 || isNullable(node.body);
    default: return true;
  }
}
