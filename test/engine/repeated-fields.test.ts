import { BSON } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmbedded, type EmbeddedEngine } from '../../src/engine/embedded/server.ts';
import { encodeMsg, Framer, replyBody } from '../../src/wire/message.ts';

type Fields = readonly (readonly [string, unknown])[];

/** A document in which a name may come twice: Go's `bson.D` and C's builders make such, JavaScript's objects cannot. */
class Repeating {
  readonly fields: Fields;
  constructor(fields: Fields) { this.fields = fields; }
}
const d = (...fields: Fields): Repeating => new Repeating(fields);

function encode({ fields }: Repeating): Buffer {
  const elements = fields.map(([name, value]) => {
    const nested = value instanceof Repeating ? encode(value) : Array.isArray(value) && value.some((item) => item instanceof Repeating) ? encode(d(...value.map((item, at) => [String(at), item] as const))) : undefined;
    if (nested) return Buffer.concat([Buffer.from([Array.isArray(value) ? 4 : 3]), Buffer.from(`${name}\0`), nested]);
    return Buffer.from(BSON.serialize({ [name]: value })).subarray(4, -1);
  });
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 5);
  return Buffer.concat([length, body, Buffer.from([0])]);
}

/** A section of an OP_MSG: documents that stand for an array of the body. */
function sequence(name: string, documents: readonly object[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((one) => Buffer.from(BSON.serialize(one)))]);
  const head = Buffer.from([1, 0, 0, 0, 0]);
  head.writeInt32LE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

describe('names that come twice in one document', () => {
  let engine: EmbeddedEngine;
  let sendWith: (sequences: readonly (readonly [string, readonly object[]])[], ...fields: Fields) => Promise<BSON.Document>;
  let send: (...fields: Fields) => Promise<BSON.Document>;

  beforeAll(async () => {
    engine = await createEmbedded({});
    let answered: (reply: BSON.Document) => void;
    const connection = engine.backend.connect({ id: 0, remotePort: 0, trusted: true }, (bytes) => answered(BSON.deserialize(replyBody(bytes) as Buffer)), () => undefined);
    sendWith = (sequences, ...fields) => new Promise((done) => {
      answered = done;
      const bytes = Buffer.concat([encodeMsg(encode(d(...fields, ['$db', 'repeated']))), ...sequences.map(([name, documents]) => sequence(name, documents))]);
      bytes.writeInt32LE(bytes.length, 0);
      connection.handle(new Framer().push(bytes)[0] as never);
    });
    send = (...fields) => sendWith([], ...fields);
    await send(['insert', 'c'], ['documents', [{ _id: 1, a: 1, b: 1 }, { _id: 2, a: 5, b: 1 }, { _id: 3, a: 9, b: [1, 2] }]]);
  });
  afterAll(() => engine.stop());

  const found = async (filter: Repeating): Promise<unknown[]> => ((await send(['find', 'c'], ['filter', filter]))['cursor'].firstBatch as { _id: unknown }[]).map(({ _id }) => _id);

  test('each is read once, however deep they are nested', async () => {
    let nested = d(['a', 1], ['a', 2]);
    for (let depth = 0; depth < 100; depth++) nested = d(['a', nested], ['a', nested.fields[1]?.[1]]);
    expect(await found(d(['x', { $eq: 1 }], ['y', nested]))).toEqual([]);
    let second = d(['a', 1], ['a', 2]);
    for (let depth = 0; depth < 100; depth++) second = d(['a', 1], ['a', second]);
    expect(await found(d(['x', { $eq: 1 }], ['y', second]))).toEqual([]);
  });

  test('a field that is null is not there, and may come again', async () => {
    expect(await send(['aggregate', 'c'], ['pipeline', [d(['$collStats', d(['count', null], ['count', {}])])]], ['cursor', {}])).toMatchObject({ ok: 1, cursor: { firstBatch: [{ count: 3 }] } });
    expect(await send(['aggregate', 'c'], ['pipeline', [d(['$collStats', d(['count', {}], ['count', {}])])]], ['cursor', {}])).toMatchObject({ ok: 0, code: 40413 });
  });

  test('each of them is a condition of a query', async () => {
    expect(await found(d(['_id', 1], ['_id', 2]))).toEqual([]);
    expect(await found(d(['a', { $gt: 1 }], ['a', { $lt: 9 }]))).toEqual([2]);
    expect(await found(d(['a', d(['$gt', 1], ['$gt', 5])]))).toEqual([3]);
    expect(await found(d(['b', 1], ['b', 2]))).toEqual([3]);
    expect(await found(d(['$or', [{ a: 1 }, { a: 5 }]], ['$or', [{ a: 5 }, { a: 9 }]]))).toEqual([2]);
    expect(await found(d(['b', d(['$elemMatch', d(['$gte', 1], ['$gte', 2])])]))).toEqual([3]);
    expect((await send(['delete', 'c'], ['deletes', [d(['q', d(['_id', 1], ['_id', 2])], ['limit', 0])]]))['n']).toBe(0);
    expect((await send(['aggregate', 'c'], ['pipeline', [d(['$match', d(['a', 1], ['a', 5])])]], ['cursor', {}]))['cursor'].firstBatch).toEqual([]);
  });

  test('each of them is an operator of an update, and one path twice is a conflict', async () => {
    const update = (u: Repeating): Promise<BSON.Document> => send(['update', 'c'], ['updates', [d(['q', { _id: 1 }], ['u', u])]]);
    expect(await update(d(['$set', { x: 1 }], ['$set', { y: 2 }]))).toMatchObject({ nModified: 1 });
    expect((await send(['find', 'c'], ['filter', { _id: 1 }]))['cursor'].firstBatch).toEqual([{ _id: 1, a: 1, b: 1, x: 1, y: 2 }]);
    expect(await update(d(['$set', d(['x', 3], ['x', 4])]))).toMatchObject({ writeErrors: [{ code: 40, errmsg: "Updating the path 'x' would create a conflict at 'x'" }] });
    expect(await update(d(['$inc', { x: 1 }], ['$inc', { x: 1 }]))).toMatchObject({ writeErrors: [{ code: 40 }] });
  });

  test('an upsert is made of no path that two conditions are about', async () => {
    expect(await send(['update', 'c'], ['updates', [d(['q', d(['_id', 7], ['_id', 8])], ['u', { $set: { x: 1 } }], ['upsert', true])]]))
      .toMatchObject({ writeErrors: [{ code: 54 }] });
  });

  test('of commands and what they are given they are refused', async () => {
    expect(await send(['find', 'c'], ['filter', {}], ['filter', { a: 1 }])).toMatchObject({ ok: 0, code: 40413, errmsg: "BSON field 'find.filter' is a duplicate field" });
    expect(await send(['ping', 1], ['comment', 1], ['comment', 1])).toMatchObject({ ok: 0, code: 40413 });
    expect(await send(['update', 'c'], ['updates', [d(['q', {}], ['q', { a: 1 }], ['u', { $set: { x: 1 } }])]])).toMatchObject({ ok: 0, code: 40413, errmsg: "BSON field 'update.updates.q' is a duplicate field" });
    expect(await send(['find', 'c'], ['sort', d(['a', 1], ['a', -1])])).toMatchObject({ ok: 0, code: 7472500 });
    expect(await send(['find', 'c'], ['projection', d(['a', 1], ['a', 1])])).toMatchObject({ ok: 0, code: 31250 });
  });

  test('a sequence of documents has a name of its own', async () => {
    expect(await sendWith([['documents', [{ _id: 1 }]], ['documents', [{ _id: 2 }]]], ['insert', 'sequences'])).toMatchObject({ ok: 0, code: 40431 });
    expect(await sendWith([['documents', [{ _id: 1 }]]], ['insert', 'sequences'], ['documents', [{ _id: 2 }]])).toMatchObject({ ok: 0, code: 40433 });
    expect(await sendWith([['documents', [{ _id: 1 }, { _id: 2 }]]], ['insert', 'sequences'])).toMatchObject({ ok: 1, n: 2 });
  });

  test('documents keep them as they came', async () => {
    await send(['insert', 'kept'], ['documents', [d(['_id', 1], ['a', 1], ['a', 2])]]);
    expect(await send(['find', 'kept'], ['filter', {}])).toMatchObject({ ok: 1 });
    expect((await send(['count', 'kept'], ['query', { a: 1 }]))['n']).toBe(1);
  });
});
