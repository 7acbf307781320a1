import { decodeDocument } from '../bson/decode.ts';
import { encodeKey } from '../bson/key.ts';
import { Doc, Undefined, type Maybe, type Value } from '../bson/value.ts';
import type { Filter } from '../query/filter.ts';
import { isIndex, type Path } from '../query/path.ts';
import { StorageError } from './errors.ts';
import { OrderedKeys } from './ordered.ts';

/** What defines an index. */
export interface IndexSpec {
  name: string;
  key: Doc;
  fields: readonly { path: Path; direction: 1 | -1 }[];
  unique: boolean;
  sparse: boolean;
  hidden: boolean;
  partial?: { filter: Filter; spec: Doc };
  expireAfterSeconds?: number;
  /** The specification as `listIndexes` shows it. */
  shown: Doc;
}

/** One index of a collection. */
export class Index {
  readonly spec: IndexSpec;
  readonly keys = new OrderedKeys();
  readonly #directions: readonly (1 | -1)[];
  /** Some document has several keys, or did. */
  multikey = false;

  constructor(spec: IndexSpec) {
    this.spec = spec;
    this.#directions = spec.fields.map((field) => field.direction);
  }

  /** The keys of a document; none where a sparse or partial index leaves it out. */
  keysOf(doc: Doc): { key: string; values: Value[] }[] {
    if (this.spec.partial && !this.spec.partial.filter.matchesDoc(doc)) return [];
    const columns = this.spec.fields.map(({ path }) => columnOf(doc, path));
    if (this.spec.sparse && columns.every((column) => column.missing)) return [];
    const several = columns.findIndex((column) => column.array);
    const other = columns.findLastIndex((column) => column.array);
    if (several !== other && prefixOf(this.spec.fields[several]?.path) !== prefixOf(this.spec.fields[other]?.path)) {
      throw new StorageError({ kind: 'parallel-arrays', first: this.spec.fields[other]?.path.text ?? '', second: this.spec.fields[several]?.path.text ?? '' });
    }
    const rows = columns.reduce<Value[][]>((all, column) => all.flatMap((row) => column.values.map((value) => [...row, value])), [[]]);
    if (several !== -1) this.multikey = true;
    const keys = new Map<string, Value[]>();
    for (const values of rows) keys.set(encodeKey(values, this.#directions), values);
    return [...keys].map(([key, values]) => ({ key, values }));
  }

  /** @throws StorageError where the index is unique and another document has one of the keys */
  checkUnique(doc: Doc, except?: number): void {
    if (!this.spec.unique) return;
    for (const { key, values } of this.keysOf(doc)) {
      if (this.keys.find(key, except) !== undefined) {
        throw new StorageError({ kind: 'duplicate-key', index: this.spec.name, keyPattern: this.spec.key, values });
      }
    }
  }

  add(doc: Doc, id: number): void {
    for (const { key } of this.keysOf(doc)) this.keys.insert(key, id);
  }

  remove(bytes: Buffer, id: number): void {
    for (const { key } of this.keysOf(decodeDocument(bytes))) this.keys.delete(key, id);
  }
}

const prefixOf = (path: Path | undefined): string => path?.parts[0] ?? '';

interface Column {
  values: Value[];
  array: boolean;
  missing: boolean;
}

/** The values of one path as an index keeps them: array items apart, null for missing, undefined for an empty array. */
function columnOf(doc: Doc, path: Path): Column {
  const column: Column = { values: [], array: false, missing: true };
  collect(doc.get(path.parts[0] as string), path.parts, 1, column);
  if (column.values.length === 0) column.values.push(null);
  return column;
}

function collect(value: Maybe, parts: readonly string[], at: number, column: Column): void {
  if (Array.isArray(value)) return collectArray(value, parts, at, column);
  if (at === parts.length) {
    if (value !== undefined) column.missing = false;
    column.values.push(value ?? null);
    return;
  }
  collect(value instanceof Doc ? value.get(parts[at] as string) : undefined, parts, at + 1, column);
}

function collectArray(items: readonly Value[], parts: readonly string[], at: number, column: Column): void {
  const part = parts[at];
  if (part !== undefined && isIndex(part) && !items.some((item) => item instanceof Doc && item.has(part))) {
    collect(items[Number(part)], parts, at + 1, column);
    return;
  }
  column.array = true;
  if (at === parts.length) {
    column.missing = false;
    column.values.push(...(items.length === 0 ? [Undefined.value] : items));
    return;
  }
  if (items.length === 0) column.values.push(null);
  for (const item of items) collect(item instanceof Doc ? item.get(part as string) : undefined, parts, at + 1, column);
}

