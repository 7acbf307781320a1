import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { Doc, type Value } from '../bson/value.ts';
import { valuesAt } from '../query/path.ts';
import { StorageError } from './errors.ts';
import { documentKeys, documentKeyValues, type DocumentKeys } from './index-keys.ts';
import { indexFields, type IndexField, type IndexSpec } from './index-spec.ts';
import { keyOf, type Key } from './key.ts';
import { OrderedKeys, type RecordId } from './ordered-keys.ts';
import { overhead } from './room.ts';
import { wildcardKeys, withOtherFields, type WildcardScope } from './wildcard.ts';

/** An index of a collection. */
export class Index {
  #spec: IndexSpec;
  readonly #specBytes: number;
  readonly fields: readonly IndexField[];
  readonly entries = new OrderedKeys();
  /** The fields of the pattern that arrays were seen in; a field never leaves it. */
  readonly multikey = new Set<number>();
  /** True once it is dropped: it no longer follows what documents become, so scans of it end. */
  dropped = false;
  /** How often queries have used it, and since when that is counted. */
  uses = { count: 0, since: Date.now() };

  constructor(spec: IndexSpec) {
    this.#spec = spec;
    this.fields = indexFields(spec.pattern);
    this.#specBytes = spec.name === '_id_' ? 0 : overhead.index + encodeDocument(spec.shown).length;
  }

  get spec(): IndexSpec {
    return this.#spec;
  }

  /** About how many bytes of memory it takes. */
  get weight(): number {
    return this.#specBytes + this.entries.weight;
  }

  /** Changes what can change without the entries being made anew: hidden, expireAfterSeconds, how it is shown. */
  change(spec: IndexSpec): void {
    this.#spec = spec;
  }

  /** A copy that changes apart from this one. */
  fork(): Index {
    const fork = new Index(this.#spec);
    fork.entries.copyFrom(this.entries);
    for (const field of this.multikey) fork.multikey.add(field);
    return fork;
  }

  /** The keys that the document has here; none where the index leaves it out. */
  keysOf(document: Buffer): DocumentKeys {
    const { partial, sparse, collation, wildcard } = this.#spec;
    if (partial && !partial.filter.matches(document)) return { keys: [], arrays: [], missing: true };
    if (wildcard) return this.#wildcardKeys(document, wildcard);
    const keys = documentKeys(document, this.fields, collation?.collation);
    if (keys.arrays.some((at) => this.fields[at]?.hashed)) throw new StorageError({ kind: 'hashed-array' });
    if (sparse && keys.missing) keys.keys = [];
    return keys;
  }

  #wildcardKeys(document: Buffer, scope: WildcardScope): DocumentKeys {
    const doc = decodeDocument(document);
    const own = wildcardKeys(doc, scope, this.#spec);
    const others = this.fields.map(({ path, descending }) => {
      const values = valuesAt(doc, path);
      if (values.some(Array.isArray)) throw new StorageError({ kind: 'wildcard-array' });
      return keyOf(values[0], descending, this.#spec.collation?.collation);
    });
    const keys = withOtherFields(own, others, scope.at);
    return { keys, arrays: keys.length > 1 ? [scope.at] : [], missing: own.length === 0 };
  }

  /** @throws StorageError duplicate-key where another record has one of the keys and the index is unique */
  checkUnique(document: Buffer, keys: readonly Key[], own: RecordId | undefined): void {
    if (!this.#spec.unique && !this.#spec.prepareUnique) return;
    for (const key of keys) {
      const other = this.entries.find(key);
      if (other !== undefined && other !== own) throw this.#duplicate(document, key);
    }
  }

  add({ keys, arrays }: DocumentKeys, id: RecordId): void {
    for (const field of arrays) this.multikey.add(field);
    for (const key of keys) this.entries.add(key, id);
  }

  remove(keys: readonly Key[], id: RecordId): void {
    for (const key of keys) this.entries.remove(key, id);
  }

  #duplicate(document: Buffer, key: Key): StorageError {
    const names = [...this.#spec.pattern.keys()];
    const rows = documentKeyValues(document, this.fields);
    const row = rows.find((values) => this.#keyOfRow(values) === key) ?? rows[0] ?? [];
    const values = new Doc(names.map((name, index): [string, Value] => [name, row[index] ?? null]));
    return new StorageError({
      kind: 'duplicate-key', index: this.#spec.name, collation: this.#spec.collation?.options, pattern: this.#spec.pattern, values, clustered: this.#spec.clustered ?? false,
    });
  }

  #keyOfRow(values: readonly (Value | undefined)[]): Key {
    return this.fields.map(({ descending }, index) => keyOf(values[index], descending, this.#spec.collation?.collation)).join('');
  }
}
