import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDeadline, withLateness } from '../../../../src/submission/intake/deadline.ts';
import { readExportName } from '../../../../src/submission/intake/export-names.ts';
import { instant } from '../../../../src/submission/intake/moment.ts';
import { matchRoster, readRoster } from '../../../../src/submission/intake/roster.ts';
import type { Submission } from '../../../../src/submission/types.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function roster(text: string): Promise<Awaited<ReturnType<typeof readRoster>>> {
  const path = join(folder, 'roster.csv');
  writeFileSync(path, text);
  return readRoster(path);
}
const handedIn = (name: string, more: Partial<Submission> = {}): Submission => ({ name, path: `/class/${name}`, exercises: new Map([['00-hello', `/class/${name}/00-hello`]]), ...more });

describe('a roster', () => {
  it('has a row for every student, and for what nobody in it handed in', async () => {
    const rows = matchRoster(await roster('name,email\nAda Lovelace,ada@x.y\nGrace Hopper,g@x.y\n'), [handedIn('Ada Lovelace'), handedIn('Somebody')]);
    expect(rows.map(({ name, exercises, unreadable }) => [name, exercises.size, unreadable])).toEqual([['Ada Lovelace', 1, undefined], ['Grace Hopper', 0, undefined], ['Somebody', 1, undefined]]);
  });

  it('knows a student by number, address, accents and the order of names', async () => {
    const students = await roster('\uFEFFLast name,First name,ID number,Email address\nMüller,Ana,12,ana@x.y\nCurie,Marie,34,marie@x.y\n"Li, jr",Wei,56,wei@x.y\nNoether,Emmy,78,emmy@x.y\n');
    const rows = matchRoster(students, [handedIn('mullerana'), handedIn('x', { keys: ['34'] }), handedIn('y', { keys: ['wei@x.y'] }), handedIn('emmy noether')]);
    expect(rows.map((row) => [row.name, row.path])).toEqual([['Ana Müller', '/class/mullerana'], ['Marie Curie', '/class/x'], ['Wei Li, jr', '/class/y'], ['Emmy Noether', '/class/emmy noether']]);
  });

  it('is a gradebook of Canvas as it exports it, whose rows about assignments are no students', async () => {
    const students = await roster('Student,ID,SIS User ID,SIS Login ID,Section,Week 7 (991),Old (17)\n,,,,,Manual Posting,\n    Points Possible,,,,,40,10\n"Lovelace, Ada",123,s-1,ada,A,,9\n"Hopper, Grace",124,s-2,grace,A,,\n');
    const rows = matchRoster(students, [handedIn('hoppergrace', { keys: ['124', '5550'] }), handedIn('x', { keys: ['s-1'] })]);
    expect(rows.map((row) => [row.name, row.path])).toEqual([['Lovelace, Ada', '/class/x'], ['Hopper, Grace', '/class/hoppergrace']]);
    expect(rows[0]?.student).toEqual({ Student: 'Lovelace, Ada', ID: '123', 'SIS User ID': 's-1', 'SIS Login ID': 'ada', Section: 'A', 'Week 7 (991)': '', 'Old (17)': '9' });
  });

  it('is a grading worksheet of Moodle, which knows who handed in by the number in the folder’s name', async () => {
    const students = await roster('Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"\n"Participant 4711","Jo Kim",jo1@x.y,"Submitted for grading",,40.00,Yes,"Friday, 20 November 2026, 10:58 PM",-,\n"Participant 4712","Jo Kim",jo2@x.y,"No submission",,40.00,Yes,-,-,\n');
    const rows = matchRoster(students, [handedIn('Jo Kim', { keys: ['Jo Kim', '4711'] })]);
    expect(rows.map((row) => [row.student?.['Email address'], row.exercises.size, row.unreadable])).toEqual([['jo1@x.y', 1, undefined], ['jo2@x.y', 0, undefined]]);
  });

  it('guesses nothing where two students, or two submissions, fit', async () => {
    const two = matchRoster(await roster('name,id\nJo Kim,1\nJo Kim,2\n'), [handedIn('Jo Kim')]);
    expect(two.map((row) => row.unreadable)).toEqual([expect.stringMatching(/may be by this student/), expect.stringMatching(/may be by this student/)]);
    const twice = matchRoster(await roster('name\nJo Kim\n'), [handedIn('Jo Kim', { path: '/class/1.zip' }), handedIn('kim jo', { path: '/class/2.zip' })]);
    expect(twice).toEqual([expect.objectContaining({ name: 'Jo Kim', unreadable: expect.stringMatching(/2 submissions are by this student \(1\.zip, 2\.zip\)/) })]);
  });

  it.each([['name,submitted_at\nAda,soon\n', /line 2: "soon" is no time/], ['a,b\n1,2\n', /line 2: there is no name/]])('says which line is wrong', async (text, reason) => {
    await expect(roster(text)).rejects.toThrow(reason);
  });

  it('that is not there is an error with a way out', async () => {
    await expect(readRoster(join(folder, 'none.csv'))).rejects.toMatchObject({ name: 'UserError', wayOut: expect.stringContaining('CSV') });
  });
});

describe('a deadline', () => {
  const deadline = readDeadline('2026-11-20T23:59+01:00');
  it.each([['2026-11-20T22:59:00Z', undefined], ['2026-11-20T22:59:30Z', '1 min'], ['2026-11-22T01:04:00.000Z', '1 d 2 h 5 min'], [undefined, 'unknown']])('makes what was handed in at %s late by %s', (submittedAt, lateBy) => {
    expect(withLateness(handedIn('a', submittedAt === undefined ? {} : { submittedAt }), deadline).lateBy).toBe(lateBy);
  });
  it('knows better than the platform’s mark where it knows the time', () => {
    const marked = handedIn('a', { lateBy: 'an unknown time' });
    expect([withLateness(marked, deadline).lateBy, withLateness({ ...marked, submittedAt: '2026-11-20T22:00:00Z' }, deadline).lateBy]).toEqual(['an unknown time', undefined]);
  });
  it('says nothing of who handed in nothing', () => {
    expect(withLateness({ name: 'a', path: '', exercises: new Map() }, deadline).lateBy).toBeUndefined();
  });
  it.each(['tomorrow', '2026-13-01T00:00Z', '20.11.2026'])('is refused as "%s"', (text) => {
    expect(() => readDeadline(text)).toThrow(/no date and time/);
  });
});

describe('names and times of exports', () => {
  it.each([
    ['Ada Lovelace_12345_assignsubmission_file_', { name: 'Ada Lovelace', ids: ['12345'] }],
    ['lovelaceada_LATE_123_456_my work.zip', { name: 'lovelaceada', ids: ['123', '456'], late: true }],
    ['submission_998877', { name: 'submission_998877', ids: ['998877'] }],
    ['my_work_2', { name: 'my_work_2', ids: [] }],
  ])('%s is read', (entry, expected) => {
    expect(readExportName(entry)).toEqual(expected);
  });
  it.each([['2024-09-20 03:15:00.123456000 Z', '2024-09-20T03:15:00.123Z'], ['2024-09-20 03:15:00 -0700', '2024-09-20T10:15:00.000Z'], ['2024-09-20T03:15+01:00', '2024-09-20T02:15:00.000Z'], ['2024-09-20', undefined]])('%s is a moment', (text, iso) => {
    expect(instant(text)).toBe(iso);
  });
});
