import type { CharSet } from './charset.ts';
import { invalid } from './source.ts';
import { isNullable, type Assertion, type Condition, type Node, type Pattern, type RepeatMode } from './syntax.ts';

/** One step of a compiled pattern. Steps are numbered; control goes to the next one unless it says otherwise. */
export type Step =
  | { op: 'set'; set: CharSet }
  /** As many of a set as there are: one step for what is most frequent. */
  | { op: 'many'; set: CharSet; min: number; max: number }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  /** Notes the place in a register: where a group or a repetition began. */
  | { op: 'mark'; register: number }
  /** Ends a group: its begin, noted in `register`, and the place become its capture. */
  | { op: 'capture'; group: number; register: number }
  /** Ends a repetition: goes on to `out` where it was empty. */
  | { op: 'again'; register: number; to: number; out: number }
  | { op: 'assert'; what: Assertion }
  /** Runs the steps up to an `accept`, at the place or before it, then goes on or to `to`. */
  | { op: 'look'; ahead: boolean; negative: boolean; lengths: readonly number[]; body: number; to: number; otherwise: number | undefined }
  | { op: 'atomic'; body: number; to: number }
  | { op: 'reference'; groups: readonly number[]; ignoreCase: boolean }
  | { op: 'ifSet'; groups: readonly number[]; otherwise: number }
  | { op: 'ifCalled'; otherwise: number }
  | { op: 'call'; group: number }
  /** Ends what a call called. */
  | { op: 'return'; group: number }
  | { op: 'keep' }
  | { op: 'fail' }
  | { op: 'accept' };

export interface Program {
  readonly steps: readonly Step[];
  /** Where each group begins. */
  readonly starts: readonly number[];
  readonly registers: number;
  readonly groups: number;
}

/** More steps than this are too many for one pattern. */
const mostSteps = 200_000;

/** @throws MongoError 51091 where it is too large, or looks behind by a length that is not fixed */
export function compile(pattern: Pattern): Program {
  return new Compiler(pattern).run();
}

class Compiler {
  readonly #pattern: Pattern;
  readonly #steps: Step[] = [];
  readonly #starts: number[] = [];
  #registers = 0;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  run(): Program {
    this.#starts[0] = 0;
    this.#node(this.#pattern.root);
    this.#add({ op: 'return', group: 0 });
    this.#add({ op: 'accept' });
    return { steps: this.#steps, starts: this.#starts, registers: this.#registers, groups: this.#pattern.groups };
  }

  #add<T extends Step>(step: T): T {
    if (this.#steps.length >= mostSteps) throw invalid('regular expression is too large');
    this.#steps.push(step);
    return step;
  }

  get #here(): number {
    return this.#steps.length;
  }

  #node(node: Node): void {
    switch (node.kind) {
      case 'set': this.#add({ op: 'set', set: node.set }); return;
      case 'sequence': node.items.forEach((item) => this.#node(item)); return;
      case 'choice': this.#choice(node.options); return;
      case 'group': this.#group(node.index, node.body); return;
      case 'repeat': this.#repeat(node); return;
      case 'assert': this.#add({ op: 'assert', what: node.what }); return;
      case 'keep': this.#add({ op: 'keep' }); return;
      case 'reference': this.#add({ op: 'reference', groups: node.groups, ignoreCase: node.ignoreCase }); return;
      case 'call': this.#add({ op: 'call', group: node.group }); return;
      case 'atomic': this.#atomic(node.body); return;
      case 'look': this.#look(node, undefined); return;
      case 'condition': this.#condition(node.test, node.yes, node.no); return;
    }
  }

  #choice(options: readonly Node[]): void {
    const jumps: { op: 'jump'; to: number }[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) return this.#node(option);
      const split = this.#add({ op: 'split', first: this.#here + 1, second: 0 });
      this.#node(option);
      jumps.push(this.#add({ op: 'jump', to: 0 }));
      split.second = this.#here;
    });
    for (const jump of jumps) jump.to = this.#here;
  }

  #group(index: number, body: Node): void {
    this.#starts[index] ??= this.#here;
    const register = this.#registers++;
    this.#add({ op: 'mark', register });
    this.#node(body);
    this.#add({ op: 'capture', group: index, register });
    this.#add({ op: 'return', group: index });
  }

  #repeat(node: Extract<Node, { kind: 'repeat' }>): void {
    const { body, min, max, mode } = node;
    if (mode === 'possessive') return this.#atomic({ ...node, mode: 'greedy' });
    if (body.kind === 'set' && mode === 'greedy') {
      this.#add({ op: 'many', set: body.set, min, max });
      return;
    }
    for (let count = 0; count < min; count++) this.#node(body);
    if (max === Infinity) return this.#loop(body, mode);
    const splits: { op: 'split'; first: number; second: number }[] = [];
    for (let count = min; count < max; count++) {
      splits.push(this.#add({ op: 'split', first: this.#here + 1, second: 0 }));
      this.#node(body);
    }
    for (const split of splits) this.#toEnd(split, mode);
  }

  /** `split` enters what follows it or goes on here; lazily the other way round. */
  #toEnd(split: { first: number; second: number }, mode: RepeatMode): void {
    if (mode === 'lazy') [split.first, split.second] = [this.#here, split.first];
    else split.second = this.#here;
  }

  #loop(body: Node, mode: RepeatMode): void {
    const start = this.#here;
    const split = this.#add({ op: 'split', first: start + 1, second: 0 });
    if (isNullable(body)) {
      const register = this.#registers++;
      this.#add({ op: 'mark', register });
      this.#node(body);
      this.#add({ op: 'again', register, to: start, out: this.#here + 1 });
    } else {
      this.#node(body);
      this.#add({ op: 'jump', to: start });
    }
    this.#toEnd(split, mode);
  }

  #atomic(body: Node): void {
    const step = this.#add({ op: 'atomic', body: this.#here + 1, to: 0 });
    this.#node(body);
    this.#add({ op: 'accept' });
    step.to = this.#here;
  }

  /** @param no what a condition that looks has for its second branch */
  #look(node: Extract<Node, { kind: 'look' }>, no: { yes: Node; no: Node } | undefined): void {
    const lengths = node.ahead ? [] : lengthsOf(node.body);
    const step = this.#add<Extract<Step, { op: 'look' }>>({ op: 'look', ahead: node.ahead, negative: node.negative, lengths, body: this.#here + 1, to: 0, otherwise: undefined });
    this.#node(node.body);
    this.#add({ op: 'accept' });
    step.to = this.#here;
    if (no) this.#branches(no.yes, no.no, (otherwise) => { step.otherwise = otherwise; });
  }

  #condition(test: Condition, yes: Node, no: Node): void {
    if (test.kind === 'look') return this.#look(test, { yes, no });
    if (test.kind === 'define') {
      const over = this.#add({ op: 'jump', to: 0 });
      this.#node(yes);
      over.to = this.#here;
      return;
    }
    const step = test.kind === 'group'
      ? this.#add<Extract<Step, { op: 'ifSet' }>>({ op: 'ifSet', groups: test.groups, otherwise: 0 })
      : this.#add<Extract<Step, { op: 'ifCalled' }>>({ op: 'ifCalled', otherwise: 0 });
    this.#branches(yes, no, (otherwise) => { step.otherwise = otherwise; });
  }

  #branches(yes: Node, no: Node, otherwise: (step: number) => void): void {
    this.#node(yes);
    const over = this.#add({ op: 'jump', to: 0 });
    otherwise(this.#here);
    this.#node(no);
    over.to = this.#here;
  }
}

/** How many characters a look behind goes back: one length for each of its branches. */
function lengthsOf(body: Node): number[] {
  const branches = body.kind === 'choice' ? body.options : [body];
  return [...new Set(branches.map((branch) => {
    const length = lengthOf(branch);
    if (length === undefined) throw invalid('lookbehind assertion is not fixed length');
    return length;
  }))];
}

function lengthOf(node: Node): number | undefined {
  switch (node.kind) {
    case 'set': return 1;
    case 'assert': case 'look': case 'keep': return 0;
    case 'group': case 'atomic': return lengthOf(node.body);
    case 'sequence': return node.items.reduce<number | undefined>((sum, item) => plus(sum, lengthOf(item)), 0);
    case 'choice': {
      const lengths = new Set(node.options.map(lengthOf));
      return lengths.size === 1 ? [...lengths][0] : undefined;
    }
    case 'repeat': {
      const length = lengthOf(node.body);
      return length === undefined || node.min !== node.max ? undefined : length * node.min;
    }
    default: return undefined;
  }
}

const plus = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a + b);
