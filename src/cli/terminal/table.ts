import { displayWidth, splitAtWidth } from '../../display-width.ts';

/** Pads or cuts plain text to `columns` as a terminal counts them: wide characters are two. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const space = columns - displayWidth(text);
  if (space < 0) return cut(text, columns);
  return align === 'left' ? text + ' '.repeat(space) : ' '.repeat(space) + text;
}

function cut(text: string, columns: number): string {
  if (columns <= 1) return '…'.slice(0, Math.max(0, columns));
  const [kept] = splitAtWidth(text, columns - 1);
  return `${kept}…${' '.repeat(columns - 1 - displayWidth(kept))}`;
}

/** `[#####-----]` in plain characters. */
export function progressBar(done: number, of: number, columns: number): string {
  const inside = Math.max(4, columns - 2);
  const filled = of === 0 ? 0 : Math.round((done / of) * inside);
  return `[${'#'.repeat(filled)}${'-'.repeat(inside - filled)}]`;
}

/** Wraps a paragraph at spaces, by display width; later lines are indented like the first. Colour codes count for nothing. */
export function wrap(text: string, columns: number): string {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(/\s+/)) {
    const joined = line === indent ? indent + word : `${line} ${word}`;
    if (displayWidth(joined) > columns && line !== indent) {
      lines.push(line);
      line = indent + word;
    } else {
      line = joined;
    }
  }
  return [...lines, line].join('\n');
}
