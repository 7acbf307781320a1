import { Doc, Undefined, type Maybe, type Value } from '../bson/value.ts';
import { isIndex, type Path } from './path.ts';

/** What one field has come to: a place on its path, or its value. */
interface Step {
  /** The next part of the path to follow in `value`. */
  part: number;
  value: Maybe;
  done: boolean;
}

/**
 * The values that several paths lead to together: a row of them, or one for each item of an array that they lead through.
 * Index keys are made of them, and what documents are sorted by.
 */
export class Expansion {
  readonly rows: Maybe[][] = [];
  /** Which of the paths lead through an array: their numbers. */
  readonly arrays = new Set<number>();
  /** True where none of them leads anywhere. */
  missing = true;
  readonly #paths: readonly Path[];
  readonly #parallel: (first: string, second: string) => Error;

  /** @param parallel the error where two paths lead through different arrays, told the last names of both */
  constructor(paths: readonly Path[], parallel: (first: string, second: string) => Error) {
    this.#paths = paths;
    this.#parallel = parallel;
  }

  /** @param first the value of a path's first part */
  run(first: (path: Path) => Maybe): this {
    // Two paths through one array have to see that it is one.
    const values = new Map<string, Maybe>();
    const valueOf = (path: Path): Maybe => {
      const name = path.parts[0] as string;
      if (!values.has(name)) values.set(name, first(path));
      return values.get(name);
    };
    this.#expand(this.#paths.map((path) => ({ part: 1, value: valueOf(path), done: false })));
    if (this.rows.some((row) => row.some((value) => value !== undefined))) this.missing = false;
    return this;
  }

  /** Follows every field to its value or to an array; of arrays there may be one, whose items make a row each. */
  #expand(steps: readonly Step[]): void {
    const followed = steps.map((step, index) => (step.done ? step : this.#follow(step, index)));
    const waiting = followed.flatMap((step, index) => (step.done ? [] : [index]));
    if (waiting.length === 0) {
      this.rows.push(followed.map((step) => step.value));
      return;
    }
    const first = waiting[0] as number;
    const array = (followed[first] as Step).value as Value[];
    for (const index of waiting) {
      this.arrays.add(index);
      if ((followed[index] as Step).value !== array) throw this.#parallel(this.#parts(index).at(-1) as string, this.#parts(first).at(-1) as string);
    }
    if (array.length === 0) {
      const emptied = followed.map((step, index): Step =>
        step.done ? step : { ...step, done: true, value: this.#atEnd(step, index) ? Undefined.value : undefined });
      this.#expand(emptied);
      return;
    }
    for (const item of array) {
      this.#expand(followed.map((step, index): Step => {
        if (step.done) return step;
        if (this.#atEnd(step, index)) return { ...step, done: true, value: item };
        return item instanceof Doc ? { ...step, value: item } : { ...step, done: true, value: undefined };
      }));
    }
  }

  #parts(index: number): readonly string[] {
    return (this.#paths[index] as Path).parts;
  }

  #atEnd(step: Step, index: number): boolean {
    return step.part === this.#parts(index).length;
  }

  #follow(step: Step, index: number): Step {
    const parts = this.#parts(index);
    let { part, value } = step;
    for (;;) {
      if (Array.isArray(value)) {
        const name = parts[part];
        if (name === undefined || !isIndex(name) || value.some((item) => item instanceof Doc && item.has(name))) return { part, value, done: false };
        // `a.0` names an item of the array, which is then not expanded.
        value = value[Number(name)];
      } else {
        if (part === parts.length) return { part, value, done: true };
        if (!(value instanceof Doc)) return { part, value: undefined, done: true };
        value = value.get(parts[part] as string);
      }
      part++;
    }
  }
}
