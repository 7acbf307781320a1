import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fold } from '../../../../src/cli/terminal/fold.ts';
import { displayWidth } from '../../../../src/display-width.ts';

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

describe('a line that is too long', () => {
  test('is broken at spaces, and goes on further in', () => {
    expect(fold('    one two three four five six', 20)).toEqual(['    one two three', '      four five six']);
  });

  test('keeps its words: none is lost, whatever the width', () => {
    const line = `  ${red('sent')} │ db.greetings.insertOne({ message: "Grüße aus 日本", _id: ObjectId("6b08f991e2252d665759f308") }) → 1`;
    for (let columns = 8; columns < 110; columns++) {
      const lines = fold(line, columns);
      for (const one of lines) expect(displayWidth(one)).toBeLessThanOrEqual(columns);
      expect(stripVTControlCharacters(lines.join('')).replace(/\s/g, '')).toBe(stripVTControlCharacters(line).replace(/\s/g, ''));
    }
  });

  test('keeps its colour on the lines that follow', () => {
    expect(fold(red('one two three'), 9).every((line) => line.includes('\u001b[31m'))).toBe(true);
  });
});

test('a line that fits stays as it is', () => expect(fold(red('one  two '), 10)).toEqual([red('one  two ')]));
