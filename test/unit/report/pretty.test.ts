import { describe, expect, test } from 'vitest';
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { createReporter, reporterNames, type ReporterOptions } from '../../../src/report/index.ts';
import { createTally } from '../../../src/verdict/report.ts';
import type { SubmissionVerdict } from '../../../src/verdict/types.ts';
import { check, end, exercise, meta, submission } from './verdicts.ts';

async function pretty(verdicts: SubmissionVerdict[], options: Partial<ReporterOptions> = {}): Promise<string> {
  let text = '';
  const reporter = await createReporter('pretty', { ...options, write: (part) => void (text += part) });
  const tally = createTally();
  reporter.begin(meta);
  for (const verdict of verdicts) {
    tally.add(verdict);
    reporter.submission(verdict);
  }
  reporter.end({ ...end, totals: tally.totals(), causes: tally.causes() });
  return text;
}

const wrong = check({
  id: 'stores', title: 'stores the message it was given', status: 'failed', lesson: '02-connecting#one-client', hint: 'Look at the template string once more.',
  message: 'The document in "greetings" has another message than the one that was asked for; a comma is missing.',
  expected: '"Hello, bogule!"', actual: '"Hello bogule!"',
  evidence: [
    { kind: 'wire', text: 'db.greetings.insertOne({ message: "Hello bogule!", created_at: ISODate("2026-11-24T09:00:00.000Z") })' },
    { kind: 'error', text: 'TypeError: x is not a function', at: 'hello.ts:12:9', untrusted: true },
    { kind: 'output', text: '\u001b[31mconnecting\u001b[0m to 日本語 日本語 日本語 日本語 日本語 日本語 日本語 日本語 日本語\nok\u0007\n', untrusted: true },
  ],
});
const waiting = check({ id: 'reads', title: 'reads it back from the database by its _id, and returns the very message that it read there', status: 'skipped', dependsOn: ['stores'] });
const failed = submission('anna', [exercise('00-hello', [check({ id: 'compiles', maxPoints: 0 }), wrong, waiting])]);

describe('pretty', () => {
  test('does not add the bonus to the points, so that a failure is not full marks', async () => {
    const extra = check({ id: 'validator', title: 'has a validator', points: 2, maxPoints: 2, bonus: true });
    expect((await pretty([submission('anna', [exercise('07-orm', [wrong, extra])])])).split('\n')[0]).toMatch(/ 0 of 2 points and 2 bonus$/);
  });

  test('tells a learner what was expected, what happened, where, and what to do', async () => {
    expect(await pretty([failed])).toMatchInlineSnapshot(`
      "00-hello  Say hello                                                0 of 4 points

      ✔ compiles
      ✖ stores the message it was given                                            0/2
      – reads it back from the database by its _id, and returns the very message   0/2
        that it read there

      ✖ stores the message it was given

        The document in "greetings" has another message than the one that was asked
        for; a comma is missing.

        expected  "Hello, bogule!"
        actual    "Hello bogule!"
                        ^ first difference

        sent      db.greetings.insertOne({ message: "Hello bogule!", created_at:
                    ISODate("2026-11-24T09:00:00.000Z") })
        threw     │ TypeError: x is not a function
        at        00-hello/hello.ts:12:9
        printed   │ connecting to 日本語 日本語 日本語 日本語 日本語 日本語 日本語
                  │ 日本語 日本語
                  │ ok

        hint      Look at the template string once more.
        read on   npx mongo-course lesson 02-connecting#one-client

      Not tried yet: 1 check, until "stores the message it was given" passes.

      Repeat with --seed 4711 · embedded engine, MongoDB 8.2.0 · unsandboxed
      "
    `);
  });

  test.each([30, 45, 60, 80, 100])('keeps every line within %i columns, places to click apart', async (width) => {
    const lines = (await pretty([failed], { width })).split('\n');
    const tooWide = lines.filter((line) => stringWidth(line) > width && !/hello\.ts:|npx mongo-course lesson/.test(line));
    expect(tooWide).toEqual([]);
  });

  test('looks the same with colour, once the colour is taken away', async () => {
    const coloured = await pretty([failed], { color: new Chalk({ level: 1 }) });
    expect(coloured).toContain('\u001b[32m');
    // eslint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(await pretty([failed]));
  });

  test('says words in place of marks where it is read aloud', async () => {
    const text = await pretty([failed], { accessible: true });
    expect(text).toContain('failed: stores the message it was given, 0 of 2 points');
    expect(text).toContain('they differ from character 7 on');
    expect(text).not.toMatch(/[✔✖–│·^]/);
  });

  test('prints no control character that a submission sent', async () => {
    const nasty = check({
      id: 'stores', status: 'failed', message: 'it said \u001b]0;title\u0007 \u009b31m', actual: '\u001b[2J\u202Eabc\u0000', cause: '\u001b[1m',
      evidence: [{ kind: 'output', text: 'a\rb\u001b[1A\u001b[2Kc\u0008', untrusted: true }],
    });
    const text = await pretty([submission('x', [exercise('00-hello', [nasty])])]);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
    expect(text).toContain('│ b');
  });

  test('caps what the code printed, and says how much was left out', async () => {
    const chatty = check({ id: 'stores', status: 'failed', message: 'no', evidence: [{ kind: 'output', text: Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n'), untrusted: true }] });
    const text = await pretty([submission('x', [exercise('00-hello', [chatty])])]);
    expect(text).toContain('│ line 19');
    expect(text).not.toContain('line 20');
    expect(text).toContain('… 30 more lines');
  });

  test('cuts long values around their first difference', async () => {
    const long = check({ id: 'stores', status: 'failed', message: 'no', expected: `{ a: [ ${'x, '.repeat(60)}y ] }`, actual: `{ a: [ ${'x, '.repeat(60)}z ] }` });
    const lines = (await pretty([submission('x', [exercise('00-hello', [long])])])).split('\n');
    const [expected, actual, caret] = [lines.find((line) => line.includes('expected'))!, lines.find((line) => line.includes('actual'))!, lines.find((line) => line.includes('^'))!];
    expect(expected[caret.indexOf('^')]).toBe('y');
    expect(actual[caret.indexOf('^')]).toBe('z');
  });

  test.each([0, 30, 70, 150])('keeps the caret below its place in a long line of code, at column %i', async (column) => {
    const code = `12 | ${'.'.repeat(column)}X${'.'.repeat(160 - column)}`;
    const broken = check({ id: 'compiles', maxPoints: 0, status: 'failed', message: 'no', evidence: [{ kind: 'source', text: `Unexpected "X"\n${code}\n${' '.repeat(column + 5)}^`, at: 'hello.ts:12:1', untrusted: true }] });
    const lines = (await pretty([submission('x', [exercise('00-hello', [broken])])])).split('\n');
    const [above, below] = [lines.find((line) => line.includes('X.'))!, lines.find((line) => line.trim().endsWith('^'))!];
    expect(above[below.indexOf('^')]).toBe('X');
    expect(stringWidth(above)).toBeLessThanOrEqual(80);
  });

  test('has the notes under the checks, before the failures that they may explain', async () => {
    const note = 'stores.ts is given by the course; your changed copy was not used.';
    const lines = (await pretty([submission('x', [exercise('00-hello', [wrong], { notes: [note] })])])).split('\n');
    const [last, noted, failure] = [lines.findIndex((line) => line.includes('stores the message')), lines.findIndex((line) => line.includes(`Note: ${note}`)), lines.findLastIndex((line) => line.includes('stores the message'))];
    expect(noted).toBeGreaterThan(last);
    expect(noted).toBeLessThan(failure);
  });

  test('tells which checks wait for which, once', async () => {
    const verdict = submission('x', [exercise('00-hello', [wrong, waiting, check({ id: 'later', status: 'skipped', dependsOn: ['reads'] })])]);
    expect(await pretty([verdict], { width: 100 })).toContain('Not tried yet: 2 checks, until "stores the message it was given" passes.');
  });

  test('says that an error of ours costs nothing', async () => {
    const text = await pretty([submission('x', [exercise('00-hello', [check({ id: 'stores', status: 'errored', message: 'boom' })])])]);
    expect(text).toContain('our mistake, not yours');
    expect(text).toContain('not counted');
  });

  test('gives a class a few lines each, and what goes wrong most often', async () => {
    const same = { ...failed, name: 'ben' };
    const broken = submission('cleo', [], { status: 'unreadable', error: 'Two workbooks are in it.', score: 0, maxScore: 4 });
    expect(await pretty([broken, failed, same, submission('dora', [exercise('00-hello', [check({ id: 'stores' })])])], { practice: false })).toMatchInlineSnapshot(`
      "✖ cleo                                                             0 of 4 points
          Two workbooks are in it.
      ✖ anna                                                             0 of 4 points
          00-hello: stores                                               0 of 4 points
      ✖ ben                                                              0 of 4 points
          00-hello: stores                                               0 of 4 points
      ✔ dora                                                             2 of 2 points

      4 submissions: 1 passed, 2 failed, 1 unreadable                   2 of 14 points

      What goes wrong most often
          2×  00-hello/stores: stores the message it was given

      1.0 s · seed 4711 · embedded engine, MongoDB 8.2.0 · unsandboxed
      "
    `);
  });
});

describe('reporters', () => {
  test('are found by their files', () => {
    expect(reporterNames()).toEqual(expect.arrayContaining(['json', 'pretty']));
  });

  test('an unknown name is answered with those there are', async () => {
    await expect(createReporter('prety', { write: () => undefined })).rejects.toThrow('There is no reporter "prety".');
  });
});
