import { createRequire } from 'node:module';
import type stringWidth from 'string-width';

/** Latin letters, punctuation, arrows, lines of tables and our own marks: one column each. */
const oneColumnEach = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2193\u2500-\u257f\u2713-\u2718\u276f\ue000]*$/;
/** What a terminal takes for a colour: no column. */
const colours = /\u001b\[[\d;]*m/g;

let measured: typeof stringWidth | undefined;

/**
 * The columns that a line takes in a terminal: wide characters two, what combines with another none, colour codes none.
 * Plain text is counted at once; what needs Unicode's tables loads them then, which takes as long as starting Node.
 */
export function displayWidth(text: string): number {
  const bare = text.replace(colours, '');
  if (oneColumnEach.test(bare)) return bare.length;
  measured ??= (createRequire(import.meta.url)('string-width') as { default: typeof stringWidth }).default;
  return measured(text);
}

let graphemes: Intl.Segmenter | undefined;

/**
 * Splits text so that its first part takes at most `columns`, never inside of what a reader sees as one character.
 * @param least so many characters go into the first part though they are wider, so that a loop gets on
 */
export function splitAtWidth(text: string, columns: number, least: 0 | 1 = 0): [string, string] {
  let end = 0;
  if (oneColumnEach.test(text)) end = Math.max(least, columns);
  else {
    let used = 0;
    for (const { segment } of (graphemes ??= new Intl.Segmenter()).segment(text)) {
      used += displayWidth(segment);
      if (used > columns && (least === 0 || end > 0)) break;
      end += segment.length;
    }
  }
  return [text.slice(0, end), text.slice(end)];
}
