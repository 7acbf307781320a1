import { BSON } from '../wire/bson.ts';
import type { Backend } from '../wire/backend.ts';
import { encodeMsg, Framer, nextRequestId, replyBody } from '../wire/message.ts';

type Document = Record<string, unknown>;

/** What comes before a collection's documents in a snapshot. */
interface Head {
  database: string;
  collection: string;
  type: string;
  options: Document;
  indexes: Document[];
  documents: number;
}

/** Values as they are on the wire: no number is promoted, so that none changes its type. */
const exact = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true } as const;
const mostBatchBytes = 8 * 1024 * 1024;
const own = new Set(['admin', 'config', 'local']);

/**
 * All that databases hold, byte for byte: BSON documents one after the other, for each collection its head, then its
 * documents.
 * @param options.only the one database to take; default all but MongoDB's own
 * @param options.as the name it gets in the snapshot
 */
export async function takeSnapshot(backend: Backend, { only, as }: { only?: string; as?: string } = {}): Promise<{ documents: number; snapshot: Buffer }> {
  const talk = new Talk(backend);
  const parts: Uint8Array[] = [];
  let count = 0;
  try {
    for (const database of only === undefined ? await databases(talk) : [only]) {
      for (const raw of await talk.all(database, { listCollections: 1 })) {
        const { name, type, options = {} } = BSON.deserialize(raw, exact) as { name: string; type: string; options?: Document };
        if (name.startsWith('system.')) continue;
        const view = type === 'view';
        const documents = view ? [] : await talk.all(database, { find: name });
        const indexes = view ? [] : (await talk.all(database, { listIndexes: name })).map((index) => BSON.deserialize(index, exact));
        const head: Head = { database: as ?? database, collection: name, type, options, indexes: indexes.filter((index) => index.name !== '_id_' && !index.clustered), documents: documents.length };
        count += documents.length;
        parts.push(BSON.serialize(head), ...documents);
      }
    }
  } finally {
    talk.close();
  }
  return { documents: count, snapshot: Buffer.concat(parts) };
}

/** Puts a snapshot's collections into a server that has none of them. */
export async function loadSnapshot(backend: Backend, snapshot: Buffer): Promise<void> {
  const talk = new Talk(backend);
  const documents = cut(snapshot);
  try {
    for (let at = 0; at < documents.length; ) {
      const { database, collection, options, indexes, documents: count } = BSON.deserialize(documents[at++] as Buffer, exact) as Document & Head;
      await talk.ask(database, { create: collection, ...options });
      const end = Math.min(at + Number(count), documents.length);
      while (at < end) {
        const batch: Buffer[] = [];
        for (let bytes = 0; at < end && bytes < mostBatchBytes && batch.length < 10_000; at++) {
          batch.push(documents[at] as Buffer);
          bytes += (documents[at] as Buffer).length;
        }
        await talk.ask(database, { insert: collection, bypassDocumentValidation: true }, batch);
      }
      if (indexes.length > 0) await talk.ask(database, { createIndexes: collection, indexes });
    }
  } finally {
    talk.close();
  }
}

async function databases(talk: Talk): Promise<string[]> {
  const { databases } = BSON.deserialize(await talk.ask('admin', { listDatabases: 1, nameOnly: true })) as { databases?: { name: string }[] };
  return (databases ?? []).map(({ name }) => name).filter((name) => !own.has(name));
}

/** The documents of a snapshot; what was cut off at the end, by a full disk say, is left out. */
function cut(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const length = bytes.readInt32LE(at);
    if (length < 5 || at + length > bytes.length) break;
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

/** Commands to a backend, one at a time, documents untouched. */
class Talk {
  readonly #framer = new Framer();
  readonly #connection: ReturnType<Backend['connect']>;
  #answer: { done: (body: Buffer) => void; failed: (error: Error) => void } | undefined;

  constructor(backend: Backend) {
    this.#connection = backend.connect({ id: 0, remotePort: 0 }, (bytes) => {
      const body = replyBody(bytes);
      if (body) this.#answer?.done(body);
    }, () => this.#answer?.failed(new Error('the engine closed the connection')));
  }

  /** @throws Error where the server refuses it */
  async ask(database: string, command: Document, documents: readonly Buffer[] = []): Promise<Buffer> {
    const bytes = withDocuments(encodeMsg(BSON.serialize({ ...command, $db: database })), documents);
    bytes.writeInt32LE(nextRequestId(), 4);
    const [message] = this.#framer.push(bytes);
    if (!message) throw new Error('an incomplete message was made');
    const body = await new Promise<Buffer>((done, failed) => {
      this.#answer = { done, failed };
      this.#connection.handle(message);
    });
    const reply = BSON.deserialize(body, { fieldsAsRaw: { firstBatch: true, nextBatch: true } });
    const refused = reply.ok === 1 ? (reply.writeErrors as Document[] | undefined)?.[0] : reply;
    if (refused) throw new Error(`${Object.keys(command)[0]} was refused: ${String(refused.errmsg)}`);
    return body;
  }

  /** Every document of a command's cursor, raw. */
  async all(database: string, command: Document): Promise<Buffer[]> {
    const found: Buffer[] = [];
    const batch = async (next: Document): Promise<{ id: unknown; ns: string }> => {
      const { cursor } = BSON.deserialize(await this.ask(database, next), { fieldsAsRaw: { firstBatch: true, nextBatch: true }, promoteLongs: false }) as { cursor: { id: unknown; ns: string; firstBatch?: Buffer[]; nextBatch?: Buffer[] } };
      for (const document of cursor.firstBatch ?? cursor.nextBatch ?? []) found.push(Buffer.from(document));
      return cursor;
    };
    for (let cursor = await batch(command); String(cursor.id) !== '0'; ) {
      cursor = await batch({ getMore: BSON.Long.fromString(String(cursor.id)), collection: cursor.ns.slice(cursor.ns.indexOf('.') + 1) });
    }
    return found;
  }

  close(): void {
    this.#connection.close();
  }
}

/** Adds a section with documents to an OP_MSG. */
function withDocuments(message: Buffer, documents: readonly Buffer[]): Buffer {
  if (documents.length === 0) return message;
  const name = Buffer.from('documents\0');
  const size = 4 + name.length + documents.reduce((sum, document) => sum + document.length, 0);
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeInt32LE(size, 1);
  const whole = Buffer.concat([message, head, name, ...documents]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}
