import { MongoError } from './errors.ts';

/** Text of this many bytes is more than a value may be. */
export const textLimit = 16 * 1024 * 1024;

/** @throws MongoError 16493 where the text has 16 MiB or more */
export function sizedText(text: string): string {
  // A UTF-16 unit has at most three bytes.
  if (text.length * 3 >= textLimit && Buffer.byteLength(text) >= textLimit) throw new MongoError(16493, 'Tried to create string longer than 16MB');
  return text;
}
