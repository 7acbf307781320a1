import { int32 } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc, type Value } from '../bson/value.ts';

/**
 * What an update changed, as change streams tell it.
 * https://www.mongodb.com/docs/manual/reference/change-events/update/
 * @param wholes the update's own paths, whose values were put in as they are: what is in them is not taken apart
 */
export function updateDescription(before: Doc, after: Doc, wholes: readonly string[]): Doc {
  const difference = new Difference(wholes);
  difference.documents(before, after, '');
  const { updated, removed, truncated } = difference;
  return Doc.of({ updatedFields: updated, removedFields: removed, truncatedArrays: truncated });
}

class Difference {
  readonly updated = new Doc();
  readonly removed: string[] = [];
  readonly truncated: Doc[] = [];
  readonly #wholes: readonly (readonly string[])[];

  constructor(wholes: readonly string[]) {
    this.#wholes = wholes.map((path) => path.split('.'));
  }

  documents(before: Doc, after: Doc, way: string): void {
    for (const [name, value] of after) this.#value(before.get(name), value, way + name);
    for (const name of before.keys()) if (!after.has(name)) this.removed.push(way + name);
  }

  #value(before: Value | undefined, after: Value, path: string): void {
    if (before === undefined) this.updated.set(path, after);
    else if (same(before, after)) return;
    else if (this.#isWhole(path)) this.updated.set(path, after);
    else if (before instanceof Doc && after instanceof Doc) this.documents(before, after, `${path}.`);
    else if (Array.isArray(before) && Array.isArray(after)) this.#arrays(before, after, path);
    else this.updated.set(path, after);
  }

  #arrays(before: Value[], after: Value[], path: string): void {
    if (after.length < before.length) this.truncated.push(Doc.of({ field: path, newSize: int32(after.length) }));
    for (const [index, value] of after.entries()) this.#value(before[index], value, `${path}.${index}`);
  }

  /** `$`, `$[]` and `$[name]` stand for any item. */
  #isWhole(path: string): boolean {
    const parts = path.split('.');
    return this.#wholes.some((whole) => whole.length === parts.length && whole.every((part, at) => part === parts[at] || part.startsWith('$')));
  }
}

const same = (a: Value, b: Value): boolean => encodeDocument(Doc.of({ v: a })).equals(encodeDocument(Doc.of({ v: b })));
