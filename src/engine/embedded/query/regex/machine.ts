import { MongoError } from '../../errors.ts';
import { casesOf, contains } from './charset.ts';
import type { Program, Step } from './program.ts';
import type { Assertion } from './syntax.ts';

/** What a pattern matched: places in UTF-16 units, of the whole and of each group. */
export interface Found {
  start: number;
  end: number;
  groups: (readonly [start: number, end: number] | undefined)[];
}

/** As many steps as PCRE takes before it gives up; a place to go back to counts as one. */
const mostSteps = 10_000_000;

/** As deep as calls and parts within parts may go. */
const mostNested = 1_000;

function gaveUp(why: string): MongoError {
  return new MongoError(51156, `Error occurred while executing the regular expression: ${why}`);
}

/** A place to go back to: the step and the place in the text, and how much was noted by then. */
interface Choice {
  step: number;
  at: number;
  /** Above `at` where the step may be tried at less and less far places, one character each. */
  least: number;
  noted: number;
  frame: Frame | undefined;
}

/** A call that has not returned. */
interface Frame {
  group: number;
  back: number;
  captures: readonly (readonly [number, number] | undefined)[];
  marks: readonly number[];
  depth: number;
  outer: Frame | undefined;
}

/**
 * Runs a pattern by backtracking, as PCRE does, from a place in the text on.
 * @throws MongoError 51156 where it goes on without end
 */
export function search(program: Program, text: string, from: number): Found | undefined {
  const machine = new Machine(program, text, from);
  for (let start = from; start <= text.length; start += widthAt(text, start)) {
    const end = machine.run(start);
    if (end !== undefined) return { start: machine.captures[0]?.[0] ?? start, end, groups: machine.captures.slice(1) };
  }
  return undefined;
}

const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/** The place one character before. */
function before(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  const high = at > 1 ? text.charCodeAt(at - 2) : 0;
  return low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff ? at - 2 : at - 1;
}

class Machine {
  readonly #steps: readonly Step[];
  readonly #program: Program;
  readonly #text: string;
  readonly #from: number;
  readonly #marks: number[];
  /** What captures and marks were before they were changed, to undo it. */
  readonly #notes: { index: number; mark?: number; capture?: readonly [number, number] | undefined }[] = [];
  /** Where each group matched; of 0 the begin alone, where `\K` moved it. */
  readonly captures: (readonly [number, number] | undefined)[];
  #taken = 0;
  #nesting = 0;
  #frame: Frame | undefined;

  constructor(program: Program, text: string, from: number) {
    this.#program = program;
    this.#steps = program.steps;
    this.#text = text;
    this.#from = from;
    this.#marks = Array.from({ length: program.registers }, () => -1);
    this.captures = Array.from({ length: program.groups + 1 }, () => undefined);
  }

  /** Where a match that begins at a place ends. */
  run(start: number): number | undefined {
    this.#undo(0);
    return this.#run(0, start, undefined);
  }

  /** @param end where it has to end, for a look behind */
  #run(first: number, place: number, end: number | undefined): number | undefined {
    const choices: Choice[] = [];
    const frame = this.#frame;
    let step = first;
    let at = place;
    for (;;) {
      if (++this.#taken > mostSteps) throw gaveUp('match limit exceeded');
      const next = this.#step(this.#steps[step] as Step, step, at, choices);
      if (next === accepted && (end === undefined || end === this.#at)) return this.#at;
      if (next >= 0) {
        step = next;
        at = this.#at;
        continue;
      }
      const choice = choices.at(-1);
      if (!choice) {
        this.#frame = frame;
        return undefined;
      }
      step = choice.step;
      at = choice.at;
      this.#undo(choice.noted);
      this.#frame = choice.frame;
      if (choice.least < choice.at) choice.at = before(this.#text, choice.at);
      else choices.pop();
    }
  }

  /** Where the step that was taken last left off. */
  #at = 0;

  /** Takes one step: the next one's number, `failed` or `accepted`. */
  #step(step: Step, number: number, at: number, choices: Choice[]): number {
    this.#at = at;
    switch (step.op) {
      case 'set': {
        const point = this.#text.codePointAt(at);
        if (point === undefined || !contains(step.set, point)) return failed;
        this.#at = at + (point > 0xffff ? 2 : 1);
        return number + 1;
      }
      case 'many': return this.#many(step, number, at, choices);
      case 'split':
        choices.push({ step: step.second, at, least: at, noted: this.#notes.length, frame: this.#frame });
        return step.first;
      case 'jump': return step.to;
      case 'mark': this.#mark(step.register, at); return number + 1;
      case 'capture': this.#capture(step.group, [this.#marks[step.register] as number, at]); return number + 1;
      case 'again': return this.#marks[step.register] === at ? step.out : step.to;
      case 'assert': return this.#holds(step.what, at) ? number + 1 : failed;
      case 'look': return this.#look(step, at);
      case 'atomic': return this.#inside(step.body, at, undefined) ? step.to : failed;
      case 'reference': return this.#reference(step, number, at);
      case 'ifSet': return step.groups.some((group) => this.captures[group]) ? number + 1 : step.otherwise;
      case 'ifCalled': return this.#frame ? number + 1 : step.otherwise;
      case 'call': return this.#call(step.group, number + 1);
      case 'return': return this.#return(step.group, number);
      case 'keep': this.#capture(0, [at, at]); return number + 1;
      case 'fail': return failed;
      case 'accept': return accepted;
    }
  }

  /** As many as there are; fewer of them are tried later, one by one. */
  #many({ set, min, max }: Extract<Step, { op: 'many' }>, number: number, at: number, choices: Choice[]): number {
    let [count, end, least] = [0, at, at];
    while (count < max) {
      const point = this.#text.codePointAt(end);
      if (point === undefined || !contains(set, point)) break;
      end += point > 0xffff ? 2 : 1;
      if (++count === min) least = end;
    }
    this.#taken += count;
    if (count < min) return failed;
    if (end > least) choices.push({ step: number + 1, at: before(this.#text, end), least, noted: this.#notes.length, frame: this.#frame });
    this.#at = end;
    return number + 1;
  }

  #mark(register: number, at: number): void {
    this.#notes.push({ index: register, mark: this.#marks[register] as number });
    this.#marks[register] = at;
  }

  #capture(group: number, place: readonly [number, number] | undefined): void {
    this.#notes.push({ index: group, capture: this.captures[group] });
    this.captures[group] = place;
  }

  #undo(noted: number): void {
    while (this.#notes.length > noted) {
      const note = this.#notes.pop();
      if (!note) return;
      if (note.mark === undefined) this.captures[note.index] = note.capture;
      else this.#marks[note.index] = note.mark;
    }
  }

  /** Matches a part on its own: what it tried is not tried otherwise later. */
  #inside(first: number, place: number, end: number | undefined): boolean {
    if (++this.#nesting > mostNested) throw gaveUp('nested too deep');
    const found = this.#run(first, place, end);
    this.#nesting--;
    return found !== undefined;
  }

  #look(step: Extract<Step, { op: 'look' }>, at: number): number {
    const noted = this.#notes.length;
    const found = step.ahead ? this.#inside(step.body, at, undefined) : step.lengths.some((length) => this.#behind(step.body, at, length));
    this.#at = at;
    if (step.negative || !found) this.#undo(noted);
    if (found !== step.negative) return step.to;
    return step.otherwise ?? failed;
  }

  #behind(body: number, at: number, length: number): boolean {
    let place = at;
    for (let count = 0; count < length; count++) {
      if (place === 0) return false;
      place = before(this.#text, place);
    }
    return this.#inside(body, place, at);
  }

  #reference({ groups, ignoreCase }: Extract<Step, { op: 'reference' }>, number: number, at: number): number {
    const group = groups.find((index) => this.captures[index]);
    const place = group === undefined ? undefined : this.captures[group];
    if (!place) return failed;
    const captured = this.#text.slice(place[0], place[1]);
    if (!ignoreCase) {
      if (!this.#text.startsWith(captured, at)) return failed;
      this.#at = at + captured.length;
      return number + 1;
    }
    let end = at;
    for (const char of captured) {
      const point = this.#text.codePointAt(end);
      if (point === undefined || !casesOf(char.codePointAt(0) as number).includes(point)) return failed;
      end += point > 0xffff ? 2 : 1;
    }
    this.#at = end;
    return number + 1;
  }

  #call(group: number, back: number): number {
    const depth = (this.#frame?.depth ?? 0) + 1;
    if (depth > mostNested) throw gaveUp('recursion too deep');
    this.#frame = { group, back, captures: [...this.captures], marks: [...this.#marks], depth, outer: this.#frame };
    return this.#program.starts[group] as number;
  }

  /** What was captured in a call is forgotten after it. */
  #return(group: number, number: number): number {
    const frame = this.#frame;
    if (!frame || frame.group !== group) return number + 1;
    frame.captures.forEach((place, index) => {
      if (this.captures[index] !== place) this.#capture(index, place);
    });
    frame.marks.forEach((mark, register) => {
      if (this.#marks[register] !== mark) this.#mark(register, mark);
    });
    this.#frame = frame.outer;
    return frame.back;
  }

  #holds(what: Assertion, at: number): boolean {
    const text = this.#text;
    if (typeof what === 'object') {
      const left = at > 0 && contains(what.word, text.codePointAt(before(text, at)) as number);
      const right = at < text.length && contains(what.word, text.codePointAt(at) as number);
      return (left !== right) !== what.negative;
    }
    switch (what) {
      case 'start': return at === 0;
      case 'end': return at === text.length;
      case 'endOrNewline': return at === text.length || (at === text.length - 1 && text[at] === '\n');
      case 'lineStart': return at === 0 || (text[at - 1] === '\n' && at < text.length);
      case 'lineEnd': return at === text.length || text[at] === '\n';
      case 'first': return at === this.#from;
    }
  }
}

const failed = -1;
const accepted = -2;
