import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { highlight } from '../../../../src/cli/terminal/highlight.ts';

const color = new Chalk({ level: 1 });
const { blue, green, red, cyan } = color;

test.each([
  ['ts', 'const a = 1;', `${blue('const')} a = ${green('1')};`],
  ['json', '{ "a": "<&>" }', `{ ${cyan('"a"')}: ${red('"<&>"')} }`],
  ['sh', 'echo hi # so', `${cyan('echo')} hi ${green('# so')}`],
  // Not one of the common ones: of all languages there are.
  ['python', 'return 1', `${blue('return')} ${green('1')}`],
  ['text', 'const a = "1" < 2 & 3', 'const a = "1" < 2 & 3'],
  ['none-such', 'const a = <b>', 'const a = <b>'],
])('%s is coloured by its words', async (language, code, shown) => {
  expect(await highlight(code, language, color)).toBe(shown);
});

test('what is inside a string of a template has the colour of both', async () => {
  expect(await highlight('`a ${1} b`', 'ts', color)).toBe(red(`\`a \${${green('1')}} b\``));
});

test('a language that is not told is guessed', async () => {
  expect(await highlight('SELECT name FROM people WHERE age = 3;', undefined, color)).toContain('\u001B[');
});
