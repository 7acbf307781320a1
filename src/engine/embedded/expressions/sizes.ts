import { encodeDocument } from '../bson/encode.ts';
import { int32 } from '../bson/decode.ts';
import { Binary, Doc, Timestamp, typeName, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

/** An operator on one value; null where it is null. */
const unary = (compute: (value: Value, name: string) => Value): ParseExpression => (argument, tools, name) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => {
    const value = operand(scope);
    return isNullish(value) ? null : compute(value, name);
  };
};

const ofTimestamp = (code: number, pick: (value: Timestamp) => bigint): ParseExpression => unary((value, name) => {
  if (value instanceof Timestamp) return pick(value);
  throw new MongoError(code, `${name} requires an argument of type timestamp, but found: ${typeName(value)}`);
});

export const expressions: ExpressionFamily = {
  $binarySize: unary((value) => {
    if (typeof value === 'string') return int32(Buffer.byteLength(value));
    if (value instanceof Binary) return int32(value.bytes.length);
    throw new MongoError(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`);
  }),
  $bsonSize: unary((value) => {
    if (value instanceof Doc) return int32(encodeDocument(value).length);
    throw new MongoError(31393, `$bsonSize requires a document input, found: ${typeName(value)}`);
  }),
  $tsSecond: ofTimestamp(5687301, ({ t }) => BigInt(t)),
  $tsIncrement: ofTimestamp(5687302, ({ i }) => BigInt(i)),
};
