/** A set of code points: first and last of each range, in order, no two of which meet. */
export type CharSet = readonly number[];

const last = 0x10ffff;

/** Any code point. */
export const anything: CharSet = [0, last];

/** The set of ranges in any order. */
export function charSet(ranges: readonly (readonly [number, number])[]): CharSet {
  const result: number[] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const end = result.at(-1);
    if (end !== undefined && from <= end + 1) result[result.length - 1] = Math.max(end, to);
    else result.push(from, to);
  }
  return result;
}

const rangesOf = (set: CharSet): [number, number][] => Array.from({ length: set.length / 2 }, (_, at) => [set[at * 2] as number, set[at * 2 + 1] as number]);

/** What is in any of the sets. */
export function union(...sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? (sets[0] as CharSet) : charSet(sets.flatMap(rangesOf));
}

/** What is not in the set. */
export function complement(set: CharSet): CharSet {
  const result: number[] = [];
  let from = 0;
  for (const [start, end] of rangesOf(set)) {
    if (start > from) result.push(from, start - 1);
    from = end + 1;
  }
  if (from <= last) result.push(from, last);
  return result;
}

export function contains(set: CharSet, point: number): boolean {
  let [low, high] = [0, set.length / 2 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < (set[middle * 2] as number)) high = middle - 1;
    else if (point > (set[middle * 2 + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}

/** The set of a JavaScript class, `\p{L}` for one. Trying all code points takes some milliseconds, once for each class. */
export function fromClass(source: string): CharSet {
  const known = classes.get(source);
  if (known) return known;
  const run = new RegExp(`${source}+`, 'gu');
  const found: [number, number][] = [];
  for (let base = 0; base <= last; base += blockSize) {
    // Surrogates are no characters of a text.
    const points = Array.from({ length: blockSize }, (_, at) => base + at).filter((point) => point < 0xd800 || point > 0xdfff);
    for (const [text] of String.fromCodePoint(...points).matchAll(run)) found.push(...consecutive(text));
  }
  const set = charSet(found);
  classes.set(source, set);
  return set;
}

const blockSize = 0x1000;
const classes = new Map<string, CharSet>();

/** The ranges of a text of ascending code points. */
function consecutive(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  let from = text.codePointAt(0) as number;
  let to = from - 1;
  for (const char of text) {
    const point = char.codePointAt(0) as number;
    if (point !== to + 1) {
      ranges.push([from, to]);
      from = point;
    }
    to = point;
  }
  ranges.push([from, to]);
  return ranges;
}

/** The same letter in other cases, for every letter that has some. */
let letters: ReadonlyMap<number, readonly number[]> | undefined;

function caseTable(): ReadonlyMap<number, readonly number[]> {
  if (letters) return letters;
  const byFold = new Map<string, number[]>();
  for (let point = 0x41; point < 0x1e944; point++) {
    // The dotted I and the dotless i have no other case.
    if (point === 0xd800) point = 0xe000;
    if (point === 0x130 || point === 0x131) continue;
    const char = String.fromCodePoint(point);
    const upper = single(char.toUpperCase()) ?? char;
    const fold = single(upper.toLowerCase()) ?? char;
    if (fold === char) continue;
    const same = byFold.get(fold);
    if (same) same.push(point);
    else byFold.set(fold, [fold.codePointAt(0) as number, point]);
  }
  letters = new Map([...byFold.values()].flatMap((same) => same.map((point) => [point, same] as const)));
  return letters;
}

const single = (text: string): string | undefined => (text.length === 1 || (text.length === 2 && (text.codePointAt(0) as number) > 0xffff) ? text : undefined);

/** The letters that equal one where case does not count, itself among them. */
export function casesOf(point: number): readonly number[] {
  if (point < 0x41) return [point];
  return caseTable().get(point) ?? [point];
}

/** The set with every letter in it in its other cases too. */
export function ignoringCase(set: CharSet): CharSet {
  if (set.length === 2 && set[0] === set[1]) return charSet(casesOf(set[0] as number).map((point) => [point, point]));
  const added: [number, number][] = [];
  for (const [point, same] of caseTable()) {
    if (contains(set, point)) for (const other of same) added.push([other, other]);
  }
  return charSet([...rangesOf(set), ...added]);
}
