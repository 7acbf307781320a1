import { expect, test } from 'vitest';
import { decodeDocument, int32 } from '../../../src/engine/embedded/bson/decode.ts';
import { encodeDocument } from '../../../src/engine/embedded/bson/encode.ts';
import { Doc, ObjectId, Timestamp } from '../../../src/engine/embedded/bson/value.ts';
import { prepareInsert } from '../../../src/engine/embedded/new-document.ts';

test('a document is stored with the bytes that came, wherever its _id was', () => {
  const sent = encodeDocument(Doc.of({ text: 'abcd', _id: int32(1), n: int32(2) }));
  // No UTF-8: a server stores it and gives it back.
  sent.set([0xc3, 0x01, 0xc3, 0x01], sent.indexOf('abcd'));
  const stored = prepareInsert(sent);
  expect([...decodeDocument(stored).keys()]).toEqual(['_id', 'text', 'n']);
  expect(stored.includes(Buffer.from([0xc3, 0x01, 0xc3, 0x01]))).toBe(true);
  expect(stored).toHaveLength(sent.length);
  expect(prepareInsert(stored)).toBe(stored);
});

test('empty timestamps become times, each where it was', () => {
  const [empty, given] = [new Timestamp(0, 0), new Timestamp(5, 6)];
  for (const fields of [{ a: empty, _id: int32(1), b: given, c: empty }, { _id: int32(1), a: empty, b: given, c: empty }, { a: empty, b: given, c: empty }]) {
    const stored = decodeDocument(prepareInsert(encodeDocument(Doc.of(fields))));
    expect([...stored.keys()]).toEqual(['_id', 'a', 'b', 'c']);
    expect(stored.get('_id')).toEqual('_id' in fields ? int32(1) : expect.any(ObjectId));
    expect(stored.get('b')).toEqual(given);
    for (const name of ['a', 'c']) expect((stored.get(name) as Timestamp).t).toBeGreaterThan(1_000_000_000);
  }
});

test('a timestamp that is the _id stays as it is', () => {
  const id = new Timestamp(0, 0);
  expect(decodeDocument(prepareInsert(encodeDocument(Doc.of({ a: int32(1), _id: id })))).get('_id')).toEqual(id);
});
