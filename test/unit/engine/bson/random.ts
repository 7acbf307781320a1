import fc from 'fast-check';
import { int32 } from '../../../../src/engine/embedded/bson/decode.ts';
import { fromParts } from '../../../../src/engine/embedded/bson/decimal.ts';
import {
  Binary, BsonSymbol, Code, Doc, MaxKey, MinKey, ObjectId, Regex, Timestamp, UtcDate, type Value,
} from '../../../../src/engine/embedded/bson/value.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const cstring = text.map((some) => some.replaceAll('\0', ''));
const bytes = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });

export const decimals = fc.record({ negative: fc.boolean(), coefficient: fc.bigInt({ min: 0n, max: 10n ** 34n - 1n }), exponent: fc.integer({ min: -60, max: 60 }) })
  .map((parts) => fromParts({ kind: 'finite', ...parts }));

export const numbers: fc.Arbitrary<Value> = fc.oneof(
  fc.double(), fc.integer().map(int32), int64, decimals, fc.constantFrom(0, -0, Number.NaN, 2 ** 53, 2n ** 53n + 1n, 0.1),
);

/** Any value but those of types that a rare test is about. */
export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value; doc: Doc }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 }, numbers, text, fc.boolean(), fc.constant(null), bytes(12).map((some) => new ObjectId(some)), int64.map((ms) => new UtcDate(ms)),
    fc.tuple(uint32, uint32).map(([t, i]) => new Timestamp(t, i)), fc.tuple(fc.integer({ min: 0, max: 255 }).filter((subtype) => subtype !== 2), fc.uint8Array({ maxLength: 10 })).map(([subtype, some]) => new Binary(subtype, some)),
    fc.tuple(cstring, fc.constantFrom('', 'i', 'im')).map(([pattern, options]) => new Regex(pattern, options)), text.map((some) => new BsonSymbol(some)),
    text.map((some) => new Code(some)), fc.constantFrom(MinKey.value, MaxKey.value), fc.array(tie('value'), { maxLength: 4 }), tie('doc'),
  ),
  doc: fc.uniqueArray(fc.tuple(cstring, tie('value')), { maxLength: 4, selector: ([name]) => name }).map((fields) => new Doc(fields)),
})).value;

export const docs: fc.Arbitrary<Doc> = fc.uniqueArray(fc.tuple(cstring, values), { maxLength: 5, selector: ([name]) => name }).map((fields) => new Doc(fields));
