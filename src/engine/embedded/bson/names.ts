/** Names and short texts already read, by a hash of their bytes: the same few come again and again, and need not be decoded anew. */
const slots = 4096;
const known: (string | undefined)[] = Array.from({ length: slots });

/** Where the name read last ends: the place of its NUL. */
export let nameEnd = 0;

/** A number made of the name read last: equal for equal names. */
export let nameHash = 0;

/**
 * Reads the field name that begins at `start`; undefined where it does not end before `limit`. Leaves where it ended in
 * `nameEnd`, and a hash of it in `nameHash`.
 */
export function readName(bytes: Buffer, start: number, limit: number): string | undefined {
  let hash = 0;
  let at = start;
  let byte = 0;
  while (at < limit && (byte = bytes[at] as number) !== 0) {
    hash = (Math.imul(hash, 31) + byte) | 0;
    at++;
  }
  if (at >= limit) return undefined;
  nameEnd = at;
  nameHash = hash;
  return textOf(hash, bytes, start, at);
}

/** Reads a short text: the name of a collection or of an index comes as often as a field's. */
export function readShort(bytes: Buffer, start: number, end: number): string {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return textOf(hash, bytes, start, end);
}

function textOf(hash: number, bytes: Buffer, start: number, end: number): string {
  const slot = (hash ^ (hash >>> 12)) & (slots - 1);
  const text = known[slot];
  if (text !== undefined && isText(text, bytes, start, end)) return text;
  const read = bytes.toString('utf8', start, end);
  // Only plain texts are as long as their bytes, and can be told by them.
  if (read.length === end - start && read.length <= 64) known[slot] = read;
  return read;
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}
