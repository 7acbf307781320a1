import { typeName, UtcDate } from '../bson/value.ts';
import { utcZone } from '../calendar.ts';
import { needDate, zoneIn } from '../date-arguments.ts';
import { checkFormat, formatDate } from '../date-format.ts';
import { parseDate, parseDateBy, readableLetters } from '../date-parse.ts';
import { MongoError } from '../errors.ts';
import type { ExpressionFamily, ParseExpression } from '../expression.ts';
import { isNullish } from '../numeric.ts';

const dateToString: ParseExpression = (argument, tools) => {
  const { date, format, timezone, onNull } = tools.namedParts(argument, ['date'], ['format', 'timezone', 'onNull'], { object: 18629, unknown: 18534, missing: 18628 });
  return (scope) => {
    const value = date?.(scope);
    const template = format?.(scope);
    const zone = zoneIn(timezone, scope);
    if (format) {
      if (isNullish(template)) return null;
      if (typeof template !== 'string') throw new MongoError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(template)}`);
      checkFormat(template);
    }
    if (zone === null) return null;
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    const pattern = typeof template === 'string' ? template : zone === utcZone ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
    return formatDate(pattern, needDate(value), zone);
  };
};

const dateFromString: ParseExpression = (argument, tools) => {
  const { dateString, format, timezone, onNull, onError } = tools.namedParts(argument, ['dateString'], ['format', 'timezone', 'onNull', 'onError'], { object: 40540, unknown: 40541, missing: 40542 });
  return (scope) => {
    const value = dateString?.(scope);
    const template = format?.(scope);
    if (format && !isNullish(template)) {
      if (typeof template !== 'string') throw new MongoError(40684, `$dateFromString requires that 'format' be a string, found: ${typeName(template)}`);
      checkFormat(template, readableLetters);
    }
    const zone = zoneIn(timezone, scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (zone === null || (format && isNullish(template))) return null;
    try {
      if (typeof value !== 'string') throw new MongoError('ConversionFailure', `$dateFromString requires that 'dateString' be a string, found: ${typeName(value)}`);
      // UTC is no zone that an offset in the text could contradict.
      const named = timezone && zone !== utcZone ? zone : undefined;
      return new UtcDate(typeof template === 'string' ? parseDateBy(template, value, named) : parseDate(value, named));
    } catch (error) {
      if (onError && error instanceof MongoError && error.codeName === 'ConversionFailure') return onError(scope);
      throw error;
    }
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromString/ */
export const expressions: ExpressionFamily = { $dateToString: dateToString, $dateFromString: dateFromString };
