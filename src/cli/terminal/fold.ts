import { displayWidth, splitAtWidth } from '../../display-width.ts';

/** Colours, and words with the spaces that follow them. */
const part = /\u001b\[[0-9;]*m|[^\s\u001b]+\s*|\s+|\u001b/g;

/**
 * Lays a line, colours and all, out in lines that fit, broken at spaces where it can: for places where the terminal wraps
 * nothing. Later lines are indented a little more than the first.
 */
export function fold(line: string, columns: number): string[] {
  if (displayWidth(line) <= columns) return [line];
  const indent = ' '.repeat(Math.min(2 + (/^ */.exec(line)?.[0].length ?? 0), Math.floor(columns / 3)));
  const lines: string[] = [];
  let colours = '';
  let current = '';
  let used = 0;
  const next = (): void => {
    lines.push(current.trimEnd());
    current = colours + indent;
    used = indent.length;
  };
  for (const one of line.match(part) ?? []) {
    if (one.startsWith('\u001b[')) {
      colours += one;
      current += one;
      continue;
    }
    let rest = one;
    if (used + displayWidth(rest.trimEnd()) > columns && used > indent.length) next();
    while (used + displayWidth(rest.trimEnd()) > columns) {
      const [fits, left] = splitAtWidth(rest, columns - used, 1);
      current += fits;
      rest = left;
      next();
    }
    current += rest;
    used += displayWidth(rest);
  }
  return [...lines, current.trimEnd()];
}
