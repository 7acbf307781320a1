import { isNumeric, typeName, type BsonTypeName, type Maybe, type Value } from '../bson/value.ts';
import { convertTo } from '../conversion/convert.ts';
import { readByteOrder, readFormat, readTarget, type ConversionOptions } from '../conversion/target.ts';
import { MongoError } from '../errors.ts';
import type { Expression, ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

/** `$toInt` and the like: `$convert` to one type, which tells nothing else. */
const conversion = (type: BsonTypeName, given: Partial<ConversionOptions> = {}): ParseExpression => (argument, tools, name) => {
  const operands = tools.operands(argument);
  const [operand] = operands;
  if (!operand || operands.length > 1) throw new MongoError(50723, `${name} requires a single argument, got ${operands.length}`);
  const options: ConversionOptions = { format: undefined, byteOrder: 'little', subtype: 0, ...given };
  return (scope) => {
    const value = operand(scope);
    return isNullish(value) ? null : convertTo(type, value, options);
  };
};

const convert: ParseExpression = (argument, tools) => {
  const { input, to, onError, onNull, format, byteOrder } = tools.namedParts(argument, ['input', 'to'], ['onError', 'onNull', 'format', 'byteOrder']);
  return (scope) => {
    const [value, wanted] = [(input as Expression)(scope), (to as Expression)(scope)];
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (isNullish(wanted)) return null;
    const { type, subtype } = readTarget(wanted);
    const options = { subtype, format: readFormat(format?.(scope)), byteOrder: readByteOrder(byteOrder?.(scope)) };
    try {
      return convertTo(type, value, options);
    } catch (error) {
      if (onError && error instanceof MongoError && error.codeName === 'ConversionFailure') return onError(scope);
      throw error;
    }
  };
};

const test = (holds: (value: Maybe) => Value): ParseExpression => (argument, tools) => {
  const [operand] = tools.operands(argument, 1, 1) as [Expression];
  return (scope) => holds(operand(scope));
};

export const expressions: ExpressionFamily = {
  $type: test((value) => typeName(value)),
  $isNumber: test((value) => isNumeric(value)),
  $toInt: conversion('int'), $toLong: conversion('long'), $toDouble: conversion('double'), $toDecimal: conversion('decimal'),
  $toBool: conversion('bool'), $toString: conversion('string', { format: 'auto' }), $toObjectId: conversion('objectId'), $toDate: conversion('date'),
  $toUUID: conversion('binData', { format: 'uuid', subtype: 4 }),
  $convert: convert,
};
