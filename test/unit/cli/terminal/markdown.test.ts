import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../../src/cli/terminal/markdown.ts';
import { createTerminal, type Terminal } from '../../../../src/cli/terminal/terminal.ts';

const terminal = (width: number): Terminal => Object.defineProperty({ ...createTerminal({ env: {}, accessible: false }), color: new Chalk({ level: 0 }) }, 'width', { value: width });

describe('a link to a lesson says what to type', () => {
  test.each([
    ['[two writers](03-crud-in-a-view.md#two-writers-at-once)', 'two writers (npx mongo-course lesson 03#two-writers-at-once)'],
    ['[serializers](../lessons/04-serializers.md)', 'serializers (npx mongo-course lesson 04)'],
    ['[the table](#a-decision-table)', 'the table (npx mongo-course lesson 10#a-decision-table)'],
  ])('%s', async (link, shown) => {
    expect(await renderMarkdown(`See ${link}.`, terminal(80), '10-choosing')).toBe(`See ${shown}.\n`);
    expect(await renderMarkdown(`- See ${link}.`, terminal(80), '10-choosing')).toBe(`• See ${shown}.\n`);
  });

  test('in one piece, however narrow the terminal is', async () => {
    const text = await renderMarkdown('It is as told before, in [two writers](03-crud-in-a-view.md#two-writers-at-once) and below.', terminal(52), '10-choosing');
    expect(text.split('\n')).toContain('(npx mongo-course lesson 03#two-writers-at-once) and');
  });

  test('any other link stays', async () => {
    expect(await renderMarkdown('[MongoDB](https://www.mongodb.com/docs/)', terminal(80), '10-choosing')).toContain('https://www.mongodb.com/docs/');
    expect(await renderMarkdown('[the table](#a-decision-table)', terminal(80))).toContain('#a-decision-table');
  });
});

describe('a picture', () => {
  const picture = `See:\n\n\`\`\`\n${'-'.repeat(70)}\nyour code   MongoDB\n\`\`\``;

  test('is indented where there is room, and never coloured', async () => {
    expect(await renderMarkdown(picture, Object.defineProperty({ ...terminal(80), color: new Chalk({ level: 1 }) }, 'width', { value: 80 }))).toBe(`See:\n\n  ${'-'.repeat(70)}\n  your code   MongoDB\n`);
    expect(await renderMarkdown(picture, terminal(71))).toBe(`See:\n\n ${'-'.repeat(70)}\n your code   MongoDB\n`);
  });

  test('says so where the terminal is too narrow for it', async () => {
    expect(await renderMarkdown(picture, terminal(60))).toBe(`See:\n\n(Made for 70 columns: a wider window shows it whole.)\n\n  ${'-'.repeat(70)}\n  your code   MongoDB\n`);
  });
});
