import { stripVTControlCharacters } from 'node:util';
import { displayWidth, splitAtWidth } from '../display-width.ts';

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
  if (displayWidth(line) <= width) return [line.trimEnd()];
  const indent = (/^ */.exec(line)?.[0] ?? '').slice(0, Math.floor(width / 2));
  const lines: string[] = [];
  let current = indent;
  for (const word of line.trim().split(/(?<= )(?=[^ ])/)) {
    let rest = word;
    if (current.trim() !== '' && displayWidth(current + rest.trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = indent;
    }
    while (displayWidth(indent + rest.trimEnd()) > width) {
      const [fits, left] = splitAtWidth(rest, width - displayWidth(indent), 1);
      lines.push(indent + fits);
      rest = left;
    }
    current += rest;
  }
  if (current.trim() !== '') lines.push(current.trimEnd());
  return lines;
}

/** Pads to a display width. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'left' ? text + space : space + text;
}
