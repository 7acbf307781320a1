/** Field names already read, by a hash of their bytes: the same few come again and again, and need not be decoded anew. */
const slots = 4096;
const known: (string | undefined)[] = Array.from({ length: slots });

/** Where the name read last ends: the place of its NUL. */
export let nameEnd = 0;

/**
 * Reads the field name that begins at `start`; undefined where it does not end before `limit`. Leaves where it ended in
 * `nameEnd`.
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
  const slot = (hash ^ (hash >>> 12)) & (slots - 1);
  const name = known[slot];
  if (name !== undefined && isName(name, bytes, start, at)) return name;
  const read = bytes.toString('utf8', start, at);
  // Only plain names are as long as their bytes, and can be told by them.
  if (read.length === at - start && read.length <= 64) known[slot] = read;
  return read;
}

function isName(name: string, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) if (name.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}
