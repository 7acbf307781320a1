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

describe('in colours', () => {
  const coloured: Terminal = Object.defineProperty({ ...terminal(80), color: new Chalk({ level: 1 }) }, 'width', { value: 80 });
  const { bold, italic, yellow, blue, green } = new Chalk({ level: 1 });

  test('words have the look of what they are, and code is coloured', async () => {
    expect(await renderMarkdown('## A `b`\n\n**c** *d* `e: f`\n\n```ts\nlet a = 1\n```\n', coloured)).toBe(`${bold.cyan(`A ${yellow('b')}`)}\n\n${bold('c')} ${italic('d')} ${yellow('e: f')}\n\n  ${blue('let')} a = ${green('1')}\n`);
  });
});

test('without colours, signs say what a heading and code within a line are', async () => {
  expect(await renderMarkdown('# A\n\n## B\n\n**c** `d`\n\n```ts\nlet a = 1\n```\n\n- [x] done\n- [ ] to do\n', terminal(80))).toBe('# A\n\n## B\n\nc `d`\n\n  let a = 1\n\n• [X] done\n• [ ] to do\n');
});

test('control characters of a page do not reach the terminal', async () => {
  expect(await renderMarkdown('a \u001B[31mb\u0007 `c\u009B` [d](http://e/\u001B)\n\n```text\nf\u001B[2J\n```\n', terminal(80))).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
});
