import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { displayWidth, splitAtWidth } from '../../src/display-width.ts';

test('plain text, counted without tables, is as wide as the tables say', () => {
  const wrong: string[] = [];
  for (let code = 0x20; code < 0xe010; code++) {
    if (code === 0x3000) code = 0xe000;
    const text = `a${String.fromCodePoint(code)}b`;
    if (displayWidth(text) !== stringWidth(text)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

test.each([['日本', 4], ['e\u0301', 1], ['👩‍👩‍👧', 2], ['\u001B[31mred\u001B[39m', 3], ['\u001B[38;5;9m日\u001B[39m', 2], ['✔ passed', 8]])('%j takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test.each([
  ['abcdef', 4, 0, 'abcd'], ['日本語', 3, 0, '日'], ['日本語', 1, 0, ''], ['日本語', 1, 1, '日'], ['e\u0301e\u0301e\u0301', 2, 0, 'e\u0301e\u0301'], ['abc', 0, 0, ''], ['abc', 0, 1, 'a'], ['abc', 9, 0, 'abc'],
] as const)('%j is cut at %i columns, with %i characters at least', (text, columns, least, first) => {
  expect(splitAtWidth(text, columns, least)).toEqual([first, text.slice(first.length)]);
});
