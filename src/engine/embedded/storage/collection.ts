import { randomBytes } from 'node:crypto';
import { decodeDocument } from '../bson/decode.ts';
import { encodeDocument } from '../bson/encode.ts';
import { int32 } from '../bson/decode.ts';
import { Doc, type Value } from '../bson/value.ts';
import { parsePath } from '../query/path.ts';
import type { Filter } from '../query/filter.ts';
import type { Schema } from '../query/schema.ts';
import { StorageError } from './errors.ts';
import { Index, type IndexSpec } from './index.ts';

/** What every document of a collection must satisfy. */
export interface Validator {
  spec: Doc;
  filter: Filter;
  schema?: Schema;
  action: 'error' | 'warn';
  level: 'strict' | 'moderate' | 'off';
}

/** Documents as raw BSON under record ids that grow, and the indexes on them. */
export class Collection {
  readonly name: string;
  readonly uuid = randomBytes(16);
  readonly #records = new Map<number, Buffer>();
  readonly indexes = new Map<string, Index>();
  validator: Validator | undefined;
  #lastId = 0;
  #bytes = 0;

  constructor(name: string) {
    this.name = name;
    const key = Doc.of({ _id: int32(1) });
    this.addIndex({
      name: '_id_', key, fields: [{ path: parsePath('_id'), direction: 1 }], unique: true, sparse: false, hidden: false,
      shown: Doc.of({ v: int32(2), key, name: '_id_' }),
    });
  }

  get count(): number {
    return this.#records.size;
  }

  /** Bytes of all documents. */
  get dataSize(): number {
    return this.#bytes;
  }

  get(id: number): Buffer | undefined {
    return this.#records.get(id);
  }

  /** All documents in the order of their insertion; ones added meanwhile are seen, ones removed are not. */
  records(): IterableIterator<[number, Buffer]> {
    return this.#records.entries();
  }

  /** @throws StorageError for a duplicate key or a document that the validator refuses */
  insert(doc: Doc, bytes: Buffer): number {
    this.#validate(doc, undefined);
    for (const index of this.indexes.values()) index.checkUnique(doc);
    const id = ++this.#lastId;
    this.#records.set(id, bytes);
    this.#bytes += bytes.length;
    for (const index of this.indexes.values()) index.add(doc, id);
    return id;
  }

  /** @throws StorageError as `insert` does; nothing is changed then */
  replace(id: number, doc: Doc): void {
    const old = this.#records.get(id);
    if (!old) return;
    this.#validate(doc, old);
    for (const index of this.indexes.values()) index.checkUnique(doc, id);
    const bytes = encodeDocument(doc);
    for (const index of this.indexes.values()) {
      index.remove(old, id);
      index.add(doc, id);
    }
    this.#records.set(id, bytes);
    this.#bytes += bytes.length - old.length;
  }

  delete(id: number): void {
    const old = this.#records.get(id);
    if (!old) return;
    for (const index of this.indexes.values()) index.remove(old, id);
    this.#records.delete(id);
    this.#bytes -= old.length;
  }

  /** Builds an index over what is there. @throws StorageError where a unique one finds a duplicate; it is not kept then */
  addIndex(spec: IndexSpec): void {
    const index = new Index(spec);
    for (const [id, bytes] of this.#records) {
      const doc = decodeDocument(bytes);
      index.checkUnique(doc);
      index.add(doc, id);
    }
    this.indexes.set(spec.name, index);
  }

  #validate(doc: Doc, before: Buffer | undefined): void {
    const { validator } = this;
    if (!validator || validator.level === 'off' || validator.action === 'warn' || validator.filter.matchesDoc(doc)) return;
    // A moderate validator leaves documents alone that were invalid before.
    if (validator.level === 'moderate' && before && !validator.filter.matches(before)) return;
    throw new StorageError({ kind: 'validation', details: details(validator, doc) });
  }
}

function details(validator: Validator, doc: Doc): Doc {
  const reason: Value = validator.schema
    ? Doc.of({ operatorName: '$jsonSchema', schemaRulesNotSatisfied: validator.schema.violations(doc) })
    : Doc.of({ operatorName: validator.spec.keys().next().value ?? '', specifiedAs: validator.spec, reason: 'the document did not match the validator' });
  return Doc.of({ failingDocumentId: doc.get('_id'), details: reason });
}
