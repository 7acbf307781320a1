import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/**
 * Text that is safe to print: no escape sequences, no control characters, nothing that turns the direction of a line
 * around. Line ends become `\n`, tabs two spaces.
 */
export function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '  ')
    .replace(/[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu, (character) => (character === '\n' ? '\n' : ''));
}

/** The first lines of a text, each cut to a length, and how many lines were left out. */
export function cap(text: string, most: { lines: number; characters: number }): { lines: string[]; left: number } {
  const all = text.replace(/\n+$/, '').split('\n');
  const lines: string[] = [];
  let characters = 0;
  for (const line of all) {
    if (lines.length >= most.lines || characters >= most.characters) break;
    const room = most.characters - characters;
    lines.push(line.length > room ? `${line.slice(0, room)}…` : line);
    characters += line.length;
  }
  return { lines, left: all.length - lines.length };
}

/**
 * Wraps text to a display width, at spaces where it can; line breaks stay, and what a line begins with is repeated as
 * its indent, so that code keeps its shape.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(10, width)));
}

function wrapLine(line: string, width: number): string[] {
  if (stringWidth(line) <= width) return [line.trimEnd()];
  const indent = (/^ */.exec(line)?.[0] ?? '').slice(0, Math.floor(width / 2));
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(/(?<= )(?=[^ ])/)) {
    let rest = word;
    if (current.trim() !== '' && stringWidth(current + rest.trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = indent;
    }
    while (stringWidth(indent + rest.trimEnd()) > width) {
      const [fits, left] = cut(rest, width - stringWidth(indent));
      lines.push(indent + fits);
      rest = left;
    }
    current += rest;
  }
  if (current.trim() !== '') lines.push(current.trimEnd());
  return lines;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Splits text at a display width, never inside what a reader sees as one character. */
export function cut(text: string, width: number): [string, string] {
  let used = 0;
  let index = 0;
  for (const { segment } of graphemes.segment(text)) {
    const columns = stringWidth(segment);
    if (used + columns > width && index > 0) break;
    used += columns;
    index += segment.length;
  }
  return [text.slice(0, index), text.slice(index)];
}

/** Pads to a display width. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return side === 'left' ? text + space : space + text;
}

/** Display width: wide characters count two. */
export function widthOf(text: string): number {
  return stringWidth(text);
}
