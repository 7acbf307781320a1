import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Place } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = new Place();
  await place.workbook({ '00-hello': 'exercises/00-hello/mistakes/date-as-text' });
}, 120_000);
afterAll(() => place.dispose());

const escape = '\x1b';
/** Every command whose look matters, with what it exits with. */
const lines: [string, number][] = [['--help', 0], ['list', 0], ['check 00', 1], ['task 00', 0], ['lesson 01', 0], ['hint 00', 0], ['trace 00', 0], ['doctor', 0], ['check --help', 0], ['check 99', 2]];

async function inTerminal(line: string, options: { columns?: number; env?: Record<string, string> } = {}): Promise<{ code: number; raw: string; screen: string }> {
  const terminal = place.terminal(line.split(' '), { cwd: 'wb', ...options });
  const code = await terminal.ended;
  // A line that is drawn anew leaves nothing of what was there before.
  const screen = stripVTControlCharacters(terminal.raw.replace(/[^\n]*\r\u001b\[K/gi, '')).replaceAll('\r', '');
  return { code, raw: terminal.raw, screen };
}

describe.each([60, 80])('in a terminal of %i columns', (columns) => {
  test.each(lines)('%s fits', async (line, code) => {
    const shown = await inTerminal(line, { columns });
    expect(shown.code).toBe(code);
    // Code, commands, places and what went over the wire stay whole, so that they can be copied and clicked.
    const kept = /^(task|lesson)/.test(line) ? /^ {2}|https?:/ : /https?:|npx |mongo-course |\/|^ +\d+\.\d ms/;
    const tooWide = shown.screen.split('\n').filter((one) => stringWidth(one) > columns && !kept.test(one));
    expect(tooWide).toEqual([]);
  });
});

test.each([['NO_COLOR', { NO_COLOR: '1' }], ['a dumb terminal', { TERM: 'dumb' }], ['an agent at the keyboard', { AI_AGENT: '1' }], ['ACCESSIBLE', { ACCESSIBLE: '1' }]] as const)('%s takes the colour away', async (_name, env) => {
  for (const line of ['list', 'check 00', 'lesson 01', 'check 99']) expect((await inTerminal(line, { env })).raw).not.toContain(`${escape}[3`);
});

test('a terminal gets colour, and anything else none', async () => {
  expect((await inTerminal('list')).raw).toContain(`${escape}[`);
  for (const [line] of lines) {
    const ended = await place.run(line.split(' '), { cwd: 'wb' });
    expect(ended.stdout + ended.stderr).not.toContain(escape);
  }
});

test('with ACCESSIBLE=1 words stand for glyphs, and choices are numbered', async () => {
  const ended = await place.run(['check', '00'], { cwd: 'wb', env: { ACCESSIBLE: '1' } });
  expect(ended.stdout).toMatch(/passed: /i);
  expect(ended.stdout).toMatch(/failed: /i);
  expect(ended.stdout).not.toMatch(/[✔✖–│·▸•]/);
  expect((await place.run(['list', '--accessible'], { cwd: 'wb' })).stdout).not.toMatch(/[✔✖▸•]|\[#/);
  const terminal = place.terminal(['next'], { cwd: '.home', env: { ACCESSIBLE: '1' } });
  await terminal.shows(/1\. Go on in the last one/);
  await terminal.shows('Type a number from 1 to 3, then Enter:');
  terminal.type('3\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.raw).not.toMatch(/\x1b\[\d*[ABJK]/);
});

test('with ACCESSIBLE=1 a list is sentences, and an answer that is none is told so', async () => {
  const { stdout } = await place.run(['list'], { cwd: 'wb', env: { ACCESSIBLE: '1', COLUMNS: '100' } });
  expect(stdout).toMatch(/^Lesson 01-why-and-when, Why and when: (?:to )?read, 25 minutes\.$/m);
  expect(stdout).toMatch(/^(Current: )?Exercise 00-hello, Say hello to MongoDB: \w+( \w+)?, (7|of) (of )?8 points, 10 minutes\.$/m);
  expect(stdout).not.toMatch(/ {2}|…/);
  const terminal = place.terminal(['quiz', '01'], { cwd: 'wb', columns: 60, env: { ACCESSIBLE: '1' } });
  await terminal.shows('Type a number from 1 to 4, then Enter:');
  terminal.type('maybe\r');
  await terminal.shows('"maybe" is none of the answers.');
  expect(terminal.screen.split('\n').filter((line) => stringWidth(line) > 60)).toEqual([]);
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
});

test('questions break between words in a narrow terminal', async () => {
  const terminal = place.terminal(['next'], { cwd: await place.workbook({}, 'narrow'), columns: 60 });
  await terminal.shows(/Press Enter to\s*\nread it\./);
  terminal.type('\r');
  const asked = await terminal.first(/They never block\s*\n {2}the way\. \(Y\/n\)/, /\(END\)|\n:/);
  if (asked === 1) {
    terminal.type('q');
    await terminal.shows(/They never block\s*\n {2}the way\. \(Y\/n\)/);
  }
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
});

test('a dumb terminal is asked by number, and nothing on it is drawn anew', async () => {
  const terminal = place.terminal([], { cwd: 'wb', env: { TERM: 'dumb' } });
  await terminal.shows('1. Go on');
  terminal.type('\x03');
  expect(await terminal.ended).toBe(130);
  expect(terminal.raw).not.toContain(`${escape}[`);
});

test('in CI nothing is asked, in a terminal neither', async () => {
  const terminal = place.terminal(['next'], { cwd: '.home', env: { CI: 'true' } });
  expect(await terminal.ended).toBe(2);
  expect(terminal.screen).toContain('There is no workbook in this folder');
});

test('data goes to stdout, notes and errors to stderr', async () => {
  const ended = await place.run(['check', '00', '--reporter', 'json'], { cwd: 'wb' });
  expect(JSON.parse(ended.stdout)).toMatchObject({ schemaVersion: 1 });
  expect((await place.run(['check', '99'], { cwd: 'wb' })).stdout).toBe('');
});
