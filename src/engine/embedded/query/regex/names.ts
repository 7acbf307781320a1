import { invalid } from './source.ts';
import type { Node } from './syntax.ts';

/** The groups of a pattern: their numbers and names, and what refers to them, perhaps before they come. */
export class Names {
  /** How many groups have begun. */
  count = 0;
  /** How many there will be, roughly: what tells `\12` from an octal number. */
  readonly total: number;
  readonly #byName = new Map<string, number[]>();
  readonly #expected: { wanted: number | string; fill(groups: number[]): void }[] = [];

  constructor(pattern: string) {
    this.total = [...pattern.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]])*\]|\((?!\?)|\(\?(?:P?<(?![=!])|')/gs)].filter(([text]) => text.startsWith('(')).length;
  }

  /** Begins a group. */
  open(name?: string): number {
    const index = ++this.count;
    if (name !== undefined) this.name(name, index);
    return index;
  }

  name(name: string, index: number): void {
    if (/^\d/.test(name)) throw invalid('subpattern name must start with a non-digit');
    if (!/^[\p{L}\p{N}_]{1,32}$/u.test(name)) throw invalid(name.length > 32 ? 'subpattern name is too long (maximum 32 code units)' : 'syntax error in subpattern name (missing terminator?)');
    const known = this.#byName.get(name);
    if (known && !known.includes(index)) throw invalid('two named subpatterns have the same name (PCRE2_DUPNAMES not set)');
    if (!known) this.#byName.set(name, [index]);
  }

  /** The group of a number, signed numbers counted from here, or of a name. */
  resolve(text: string): (number | string)[] {
    if (!/^[-+]?\d+$/.test(text)) return [text];
    const number = Number(text);
    if (text.startsWith('-') || text.startsWith('+')) {
      if (number === 0) throw invalid('a relative value of zero is not allowed');
      const group = number < 0 ? this.count + 1 + number : this.count + number;
      if (group < 1) throw invalid('reference to non-existent subpattern');
      return [group];
    }
    return [number];
  }

  named(name: string): string[] {
    return [name];
  }

  /** What a group matched. */
  reference(wanted: readonly (number | string)[], ignoreCase: boolean): Node {
    const groups: number[] = [];
    for (const one of wanted) this.#expect(one, (found) => groups.push(...found));
    return { kind: 'reference', groups, ignoreCase };
  }

  /** A group's pattern once more. */
  call(text: string): Node {
    const node: Extract<Node, { kind: 'call' }> = { kind: 'call', group: 0 };
    const [wanted] = this.resolve(text);
    if (wanted !== 0) this.#expect(wanted as number | string, ([group]) => { node.group = group as number; });
    return node;
  }

  /** The groups that a condition asks about. */
  condition(text: string): number[] {
    const groups: number[] = [];
    for (const one of this.resolve(text)) this.#expect(one, (found) => groups.push(...found));
    return groups;
  }

  #expect(wanted: number | string, fill: (groups: number[]) => void): void {
    this.#expected.push({ wanted, fill });
  }

  /** Fills in what was referred to; every group is known now. */
  check(): void {
    for (const { wanted, fill } of this.#expected) {
      const groups = typeof wanted === 'string' ? this.#byName.get(wanted) : wanted <= this.count && wanted > 0 ? [wanted] : undefined;
      if (!groups) throw invalid('reference to non-existent subpattern');
      fill(groups);
    }
  }
}
