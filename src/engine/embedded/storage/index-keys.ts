import type { Collation } from '../bson/collation.ts';
import { findElement, type RawElement } from '../bson/raw.ts';
import { bsonType, Doc, Undefined, type Maybe, type Value } from '../bson/value.ts';
import { firstValue, isIndex } from '../query/path.ts';
import { StorageError } from './errors.ts';
import type { IndexField } from './index-spec.ts';
import { keyOf, keyOfRaw, type Key } from './key.ts';

/** What a document adds to an index. */
export interface DocumentKeys {
  keys: Key[];
  /** Which fields of the pattern an array was found on the way to: their numbers. */
  arrays: readonly number[];
  /** True where the document has none of the fields. */
  missing: boolean;
}

const none: readonly number[] = [];
const found: RawElement = { type: 0, nameStart: 0, nameEnd: 0, start: 0, end: 0 };

/**
 * The keys of a document in an index: one, or one for each item of an array.
 * https://www.mongodb.com/docs/manual/core/indexes/index-types/index-multikey/
 * @throws StorageError parallel-arrays where two fields lead through different arrays
 */
export function documentKeys(bytes: Buffer, fields: readonly IndexField[], collation: Collation | undefined): DocumentKeys {
  let key = '';
  let missing = true;
  for (const { path, descending } of fields) {
    const there = findElement(bytes, 0, path.firstName, found);
    if (there && (found.type === bsonType.array || (found.type === bsonType.object && path.parts.length > 1))) {
      return expanded(bytes, fields, collation);
    }
    const value = there && path.parts.length === 1;
    if (value) missing = false;
    key += value ? keyOfRaw(found.type, bytes, found.start, descending, collation) : keyOf(null, descending);
  }
  return { keys: [key], arrays: none, missing };
}

/** The same as values instead of keys: what an error message shows. */
export function documentKeyValues(bytes: Buffer, fields: readonly IndexField[]): Maybe[][] {
  return new Expansion(fields).run(bytes).rows;
}

function expanded(bytes: Buffer, fields: readonly IndexField[], collation: Collation | undefined): DocumentKeys {
  const expansion = new Expansion(fields).run(bytes);
  const keys = expansion.rows.map((row) => fields.map(({ descending }, index) => keyOf(row[index], descending, collation)).join(''));
  return { keys: keys.length > 1 ? [...new Set(keys)] : keys, arrays: [...expansion.arrays], missing: expansion.missing };
}

/** What one field has come to: a place on its path, or its value. */
interface Step {
  /** The next part of the path to follow in `value`. */
  part: number;
  value: Maybe;
  done: boolean;
}

class Expansion {
  readonly rows: Maybe[][] = [];
  readonly arrays = new Set<number>();
  missing = true;
  readonly #fields: readonly IndexField[];

  constructor(fields: readonly IndexField[]) {
    this.#fields = fields;
  }

  run(bytes: Buffer): this {
    this.#expand(this.#fields.map(({ path }) => ({ part: 1, value: firstValue(bytes, path), done: false })));
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
      if ((followed[index] as Step).value !== array) throw this.#parallel(index, first);
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
    return (this.#fields[index] as IndexField).path.parts;
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

  #parallel(second: number, first: number): StorageError {
    const name = (index: number): string => this.#parts(index).at(-1) as string;
    return new StorageError({ kind: 'parallel-arrays', first: name(second), second: name(first) });
  }
}
