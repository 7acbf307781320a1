import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createReporter } from '../../../src/report/index.ts';
import { buildReport } from '../../../src/verdict/report.ts';
import type { SubmissionVerdict } from '../../../src/verdict/types.ts';
import { check, end, exercise, meta, submission } from './verdicts.ts';

const hostile = '=cmd|"/c calc"!A1\u001b[31m</td><script>alert(1)</script>\n::error::forged\u202e`$(x)`|';

async function written(name: string, verdicts: SubmissionVerdict[], options: { assignment?: string } = {}): Promise<string> {
  let text = '';
  const reporter = await createReporter(name, { write: (more) => void (text += more), practice: false, ...options });
  reporter.begin(meta);
  for (const verdict of verdicts) reporter.submission(verdict, { '00-hello': [{ at: 1, check: 'stores', connection: 1, kind: 'command', text: hostile, durationMs: 2 }] });
  const { gradedAt, durationMs, totals, causes } = buildReport(meta, verdicts, end);
  reporter.end({ gradedAt, durationMs, totals, causes });
  return text;
}

const failing = check({ id: 'reads', status: 'failed', message: `It said ${hostile}`, cause: 'reads nothing', actual: hostile, evidence: [{ kind: 'output', text: hostile, at: 'hello.ts:3:4', untrusted: true }], hint: 'Read it.' });
const ana = submission('Ana', [exercise('00-hello', [check({ id: 'stores' }), failing, check({ id: 'closes', status: 'skipped' })])]);
const evil = submission(hostile, [exercise('00-hello', [failing])]);
const unreadable = submission('zed', [], { status: 'unreadable', error: 'The archive is damaged.', digest: '' });

describe('the csv reporter', () => {
  it('writes a row for each submission, what could not be read too', async () => {
    const { data } = Papa.parse<Record<string, string>>(await written('csv', [unreadable, ana]), { header: true, skipEmptyLines: true });
    expect(data).toMatchObject([{ name: 'zed', status: 'unreadable', score: '0', error: 'The archive is damaged.' }, { name: 'Ana', '00-hello': '2', failed_checks: '00-hello/reads' }]);
  });
  it('starts no formula in a spreadsheet and breaks no row', async () => {
    const text = await written('csv', [ana, evil]);
    const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true });
    expect(data).toHaveLength(3);
    expect(data.flat().filter((cell) => /^\s*[=+\-@\t|%]/.test(cell))).toEqual([]);
    expect(text).not.toContain('\u001b');
  });
});

const rows = (text: string): string[][] => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
const missing = submission('Eve', [], { status: 'missing', student: { Student: 'Eve', ID: '4', 'SIS Login ID': 'eve', Section: 'B', 'Week 7 (991)': '12' } });

describe('the canvas reporter', () => {
  const canvas = { ...ana, student: { Student: 'Lovelace, Ana', ID: '3', 'SIS User ID': 's3', 'SIS Login ID': 'ana', Section: 'A', 'Week 7 (991)': '', 'Old (17)': '9' } };
  it('writes what the gradebook imports: its columns, points possible, and of its assignments the one that is graded', async () => {
    expect(rows(await written('canvas', [{ ...unreadable, student: { Student: 'Zed', ID: '5' } }, canvas, missing], { assignment: 'Week 7' }))).toEqual([
      ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Week 7 (991)'], ['    Points Possible', '', '', '', '', '6'],
      ['Zed', '5', '', '', '', ''], ['Lovelace, Ana', '3', 's3', 'ana', 'A', '2'], ['Eve', '4', '', 'eve', 'B', ''],
    ]);
  });
  it('makes a new assignment of the course’s name without one, and starts no formula', async () => {
    const text = await written('canvas', [evil]);
    expect(rows(text)[0]).toEqual(['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'mongo-course']);
    expect(rows(text).flat().filter((cell) => /^\s*[=+\-@\t|%]/.test(cell))).toEqual([]);
  });
});

describe('the moodle reporter', () => {
  const worksheet = { Identifier: 'Participant 4711', 'Full name': 'Ana', Grade: '', 'Maximum Grade': '6.00', 'Last modified (grade)': '-', 'Feedback comments': '' };
  it('gives the worksheet back with grade and feedback, every other column as it was', async () => {
    const [header, first, second, third] = rows(await written('moodle', [{ ...ana, student: worksheet }, { ...missing, student: { ...worksheet, Identifier: 'Participant 4712', Grade: '-' } }, evil]));
    expect(header).toEqual(Object.keys(worksheet));
    expect(first).toEqual(['Participant 4711', 'Ana', '2', '6.00', '-', expect.stringMatching(/^2 of 6 points<br>00-hello: 2 of 6<br>– reads: It said .*Read it\.$/)]);
    expect(first?.[5]).not.toMatch(/<(?!br>)|\u001b/);
    expect(second).toEqual(['Participant 4712', 'Ana', '-', '6.00', '-', '']);
    expect(third?.[1]).toMatch(/^'=cmd/);
  });
  it('adds its columns where the roster lacks them', async () => {
    expect(rows(await written('moodle', [{ ...ana, student: { email: 'ana@x.y' } }]))[0]).toEqual(['email', 'Grade', 'Feedback comments']);
  });
});

describe('the junit reporter', () => {
  it('counts cases, failures and skipped ones, and marks text up', async () => {
    const text = await written('junit', [ana, evil, unreadable]);
    expect(text).toMatch(/<testsuite name="Ana 00-hello" tests="3" failures="1" errors="0" skipped="1"/);
    expect(text).not.toMatch(/<script|\u001b/);
    // Each element that is opened is closed again.
    const stack: string[] = [];
    for (const [, close, name, , self] of text.replace(/<\?xml.*?\?>/, '').matchAll(/<(\/?)([a-z]+)((?:[^<>"]|"[^"]*")*?)(\/?)>/g)) {
      if (close) expect(stack.pop()).toBe(name);
      else if (!self) stack.push(name as string);
    }
    expect(stack).toEqual([]);
  });
});

describe('the html reporter', () => {
  it('is one page that loads nothing, runs no script of a submission and shows what is most often wrong first', async () => {
    const text = await written('html', [ana, evil, unreadable]);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toMatch(/(src|href)="(?!#)/);
    expect(text).toContain("default-src 'none'");
    expect(text.indexOf('What goes wrong most often')).toBeLessThan(text.indexOf('One by one'));
    expect(text).toContain('class="untrusted"');
    expect(text).toContain('On the wire: 1 command');
  });
});

describe('the github reporter', () => {
  it('writes annotations that a submission cannot forge, and a summary', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'summary-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    vi.stubEnv('GITHUB_STEP_SUMMARY', join(folder, 'summary.md'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const text = await written('github', [ana, evil, unreadable]);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.every((line) => line.startsWith('::error '))).toBe(true);
    expect(lines[0]).toMatch(/^::error file=00-hello\/hello\.ts,line=3,col=4,title=00-hello%3A reads::It said /);
    const summary = readFileSync(join(folder, 'summary.md'), 'utf8');
    expect(summary).toContain('| Ana | 2/6 | failed |');
    expect(summary).not.toContain('<script');
  });
});

describe('reporters of one submission', () => {
  it('gradescope gives its results.json', async () => {
    expect(JSON.parse(await written('gradescope', [ana]))).toMatchObject({
      score: 2, test_output_format: 'text',
      tests: [{ name: '00-hello: stores', score: 2, max_score: 2, status: 'passed' }, { name: '00-hello: reads', score: 0, max_score: 2, status: 'failed', output: expect.stringContaining('hint: Read it.') }, { status: 'failed' }],
    });
  });
  it('classroom50 gives its result.json, whose scores add up', async () => {
    for (const [name, value] of Object.entries({ CLASSROOM: 'cs', ASSIGNMENT: 'hello', SUBMISSION_TAG: 'submit/1', COMMIT_URL: 'c', RELEASE_URL: 'r', REVIEW_URL: '' })) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(JSON.parse(await written('classroom50', [ana]))).toEqual({
      schema: 'classroom50/result/v1', classroom: 'cs', assignment: 'hello', submission: 'submit/1', commit: 'c', release: 'r', review: 'c', datetime: '2026-11-24T09:00:01Z', score: 2, 'max-score': 6,
      tests: ['stores', 'reads', 'closes'].map((name, index) => ({ 'test-name': `00-hello: ${name}`, passed: index === 0, score: index === 0 ? 2 : 0, 'max-score': 2 })),
    });
  });
  it.each(['gradescope', 'classroom50'])('%s refuses a class', async (name) => {
    await expect(written(name, [ana, evil])).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining('for one submission') });
  });
});
