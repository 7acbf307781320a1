import { MongoError } from './errors.ts';

/** The fields of a reference to another document, which a path may name though they begin with `$`. */
const referenceFields = new Set(['$id', '$ref', '$db']);

/** How many parts a path may have. */
const deepest = 200;

/**
 * The parts of a path to a field. https://www.mongodb.com/docs/manual/core/document/#dot-notation
 * @throws MongoError where the path or a part of it is empty, a part begins with `$` or holds a NUL, or there are too many
 */
export function splitPath(text: string): string[] {
  if (text === '') throw new MongoError(40352, 'FieldPath cannot be constructed with empty string');
  if (text.endsWith('.')) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  const parts = text.split('.');
  for (const part of parts) {
    if (part === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$') && !referenceFields.has(part)) throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
    if (part.includes('\0')) throw new MongoError(16411, 'FieldPath field names may not contain null bytes. Consider using $getField or $setField.');
  }
  if (parts.length > deepest) throw new MongoError('Overflow', `FieldPath is too long: length ${parts.length} > ${deepest}`);
  return parts;
}
