import { int32 } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc, type Value } from '../bson/value.ts';

/**
 * What an update changed, as change streams tell it.
 * https://www.mongodb.com/docs/manual/reference/change-events/update/
 * @param ambiguous true to say of paths that could be read in two ways what their parts are
 * @param wholes the update's own paths, whose values were put in as they are: what is in them is not taken apart
 */
export function updateDescription(before: Doc, after: Doc, wholes: readonly string[], ambiguous = false): Doc {
  const difference = new Difference(wholes);
  difference.documents(before, after, top);
  const { updated, removed, truncated, disambiguated } = difference;
  return Doc.of({
    updatedFields: updated, removedFields: removed, truncatedArrays: truncated,
    ...(ambiguous && disambiguated.size > 0 ? { disambiguatedPaths: disambiguated } : {}),
  });
}

/** A path, as text and in its parts: names, and the indexes of arrays. */
interface Way {
  readonly text: string;
  readonly parts: readonly Value[];
}

const top: Way = { text: '', parts: [] };

function below({ text, parts }: Way, part: string | number): Way {
  return { text: parts.length === 0 ? String(part) : `${text}.${part}`, parts: [...parts, typeof part === 'string' ? part : int32(part)] };
}

class Difference {
  readonly updated = new Doc();
  readonly removed: string[] = [];
  readonly truncated: Doc[] = [];
  /** The parts of paths in which a name looks like an index or like several. */
  readonly disambiguated = new Doc();
  readonly #wholes: readonly (readonly string[])[];

  constructor(wholes: readonly string[]) {
    this.#wholes = wholes.map((path) => path.split('.'));
  }

  documents(before: Doc, after: Doc, way: Way): void {
    for (const [name, value] of after) this.#value(before.get(name), value, below(way, name));
    for (const name of before.keys()) if (!after.has(name)) this.removed.push(this.#named(below(way, name)));
  }

  #value(before: Value | undefined, after: Value, way: Way): void {
    if (before !== undefined && same(before, after)) return;
    if (before === undefined || this.#isWhole(way.text)) this.updated.set(this.#named(way), after);
    else if (before instanceof Doc && after instanceof Doc) this.documents(before, after, way);
    else if (Array.isArray(before) && Array.isArray(after)) this.#arrays(before, after, way);
    else this.updated.set(this.#named(way), after);
  }

  #arrays(before: Value[], after: Value[], way: Way): void {
    if (after.length < before.length) this.truncated.push(Doc.of({ field: this.#named(way), newSize: int32(after.length) }));
    for (const [index, value] of after.entries()) this.#value(before[index], value, below(way, index));
  }

  /** The path's text; where it could be read in another way its parts are noted. */
  #named({ text, parts }: Way): string {
    if (parts.some((part) => typeof part === 'string' && /^\d+$|\./.test(part))) this.disambiguated.set(text, [...parts]);
    return text;
  }

  /** `$`, `$[]` and `$[name]` stand for any item. */
  #isWhole(path: string): boolean {
    const parts = path.split('.');
    return this.#wholes.some((whole) => whole.length === parts.length && whole.every((part, at) => part === parts[at] || part.startsWith('$')));
  }
}

const same = (a: Value, b: Value): boolean => encodeDocument(Doc.of({ v: a })).equals(encodeDocument(Doc.of({ v: b })));
