import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDocument } from '../../../../src/engine/embedded/bson/decode.ts';
import { encodeDocument } from '../../../../src/engine/embedded/bson/encode.ts';
import { validateDocument } from '../../../../src/engine/embedded/bson/validate.ts';
import { decodeCommand } from '../../../../src/engine/embedded/raw-documents.ts';
import { Binary } from '../../../../src/engine/embedded/bson/value.ts';
import { BSON } from '../../../../src/wire/bson.ts';
import { bson, doc, refusal } from '../values.ts';
import { docs } from './random.ts';

describe('a document', () => {
  test('comes back from its bytes as it was, whatever is in it', () => {
    fc.assert(fc.property(docs, (some) => {
      const bytes = encodeDocument(some);
      validateDocument(bytes);
      expect(encodeDocument(decodeDocument(bytes)).equals(bytes)).toBe(true);
    }), { numRuns: 300 });
  });

  test('has the bytes that a driver writes', () => {
    const bytes = encodeDocument(doc({ name: 'Ada', age: 36, ratio: 0.5, tags: ['x', 'é😀'], at: new Date(0), none: null, yes: true, deep: { er: {} } }));
    expect(Buffer.from(BSON.serialize({ name: 'Ada', age: 36, ratio: 0.5, tags: ['x', 'é😀'], at: new Date(0), none: null, yes: true, deep: { er: {} } })).equals(bytes)).toBe(true);
  });

  test('keeps the order of its fields, also of those that look like numbers', () => {
    const bytes = encodeDocument(doc({}).set('b', bson(1)).set('10', bson(2)).set('2', bson(3)) as ReturnType<typeof doc>);
    expect([...decodeDocument(bytes).keys()]).toEqual(['b', '10', '2']);
  });

  test('keeps the types of its numbers apart', () => {
    const decoded = decodeDocument(encodeDocument(doc({ int: 1, long: 1n, double: Object(1.5).valueOf() })));
    expect([...decoded.values()].map((value) => typeof value)).toEqual(['object', 'bigint', 'number']);
  });

  test('with one field name twice keeps the last value', () => {
    const once = encodeDocument(doc({ a: 1 }));
    const twice = Buffer.concat([Buffer.from([19, 0, 0, 0]), once.subarray(4, -1), Buffer.from([0x10, 0x61, 0, 2, 0, 0, 0, 0])]);
    expect(decodeDocument(twice)).toEqual(doc({ a: 2 }));
  });
});

describe('damaged bytes', () => {
  const good = encodeDocument(doc({ text: 'abc', list: [1, 2], yes: true }));
  const changed = (at: number, byte: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[at] = byte;
    return bytes;
  };

  test.each([
    ['a length that is too long', changed(0, 200)],
    ['a missing end', changed(good.length - 1, 1)],
    ['an unknown type', changed(4, 0x40)],
    ['a string without its end', changed(17, 1)],
    ['a boolean of 2', changed(good.length - 2, 2)],
    ['nothing at all', Buffer.alloc(0)],
  ])('%s is refused', (_, bytes) => {
    expect(refusal(() => validateDocument(bytes))).toMatch(/^22: /);
  });

  test('never end in anything but a refusal', () => {
    fc.assert(fc.property(docs, fc.nat(), fc.integer({ min: 0, max: 255 }), (some, at, byte) => {
      const bytes = encodeDocument(some);
      bytes[at % bytes.length] = byte;
      expect(refusal(() => decodeDocument(bytes))).toMatch(/^(22|15): |^nothing/);
      expect(refusal(() => validateDocument(bytes))).toMatch(/^(22|15): |^nothing/);
    }), { numRuns: 500 });
  });

  test('a document nested deeper than 200 is refused', () => {
    let deep = doc({});
    for (let level = 0; level < 201; level++) deep = doc({ in: deep });
    expect(refusal(() => decodeDocument(encodeDocument(deep)))).toBe('15: Document exceeds maximum nested object depth: 200');
  });
});

describe('the documents of an insert', () => {
  const insert = (documents: ReturnType<typeof doc>[]): Buffer => encodeDocument(doc({ insert: 'things', $db: 'test' }).set('documents', documents) as ReturnType<typeof doc>);

  test('are left out of its command, which is else as it came', () => {
    fc.assert(fc.property(fc.array(docs, { maxLength: 3 }), (documents) => {
      const command = decodeCommand(insert(documents));
      expect(encodeDocument(command).equals(insert([]))).toBe(true);
    }), { numRuns: 100 });
  });

  test('are refused where damaged, as if they had been decoded', () => {
    const outcome = (decode: (bytes: Buffer) => unknown, bytes: Buffer): string => {
      try {
        decode(bytes);
        return 'taken';
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(fc.property(docs, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }), (some, damage) => {
      const bytes = insert([some]);
      for (const [where, what] of damage) bytes[where % bytes.length] = what;
      expect(outcome(decodeCommand, bytes)).toBe(outcome(decodeDocument, bytes));
    }), { numRuns: 1000 });
  });

  test('no more than others hold binary data of less than no bytes', () => {
    const bytes = encodeDocument(doc({}).set('b', new Binary(0, new Uint8Array(4))) as ReturnType<typeof doc>);
    bytes.writeInt32LE(-1, 7);
    expect(refusal(() => validateDocument(bytes))).toBe('22: binary data has a wrong length');
  });
});
