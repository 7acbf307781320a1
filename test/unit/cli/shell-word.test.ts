import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../../src/cli/shell-word.ts';

const odd = ["it's mine", 'a b', 'Ünï #1 100%', '$HOME', 'a&b;c', '(1)', '日本', '~x', 'wb'];

test.skipIf(process.platform === 'win32')('a shell takes each for what it was', () => {
  expect(execFileSync('sh', ['-c', `printf '%s\\n' ${odd.map((one) => shellWord(one)).join(' ')}`], { encoding: 'utf8' }).trimEnd().split('\n')).toEqual(odd);
});

test('what needs no quotes gets none', () => {
  expect(shellWord('work/my-workbook.1', 'linux')).toBe('work/my-workbook.1');
  expect(shellWord('work\\日本', 'win32')).toBe('work\\日本');
  expect(shellWord('my workbook', 'win32')).toBe('"my workbook"');
});
