import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Course, Exercise } from '../../../src/course/types.ts';
import { locateSubmissions } from '../../../src/submission/locate.ts';
import { zip } from './intake/zip.ts';

const exercise = (id: string, file: string): Exercise => ({
  id, title: id, minutes: 1, kind: 'core', editable: [file], given: [], entry: file, entryKind: 'module', timeoutSeconds: 1, lesson: 'x#y', packages: [], hints: [], points: { a: 1 }, bonus: [],
});
const crud = exercise('02-crud', 'views.ts');
const course: Course = { name: 'c', version: '1', root: '/none', lessons: [], quizzes: [], exercises: [exercise('00-hello', 'hello.ts'), crud] };

/** A folder of files; a value that is bytes is written as they are. */
function tree(files: Record<string, string | Buffer>): string {
  const root = mkdtempSync(join(tmpdir(), 'locate-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
const shown = async (root: string, only?: Exercise): Promise<Record<string, string>> =>
  Object.fromEntries((await locateSubmissions(root, course, only)).map((one) => [one.name, one.unreadable ?? [...one.exercises.keys()].join(' ')]));

describe('a class', () => {
  it('is read as Moodle exports it: a folder or a zip for each student, at any depth', async () => {
    const root = tree({
      'Ana Müller_1_assignsubmission_file_/work/00-hello/hello.ts': '', 'Ana Müller_1_assignsubmission_file_/work/02-crud/views.ts': '',
      'Ana Müller_1_assignsubmission_file_/work/node_modules/x/00-hello/hello.ts': '',
      'Bob_2_assignsubmission_file_/bob.zip': zip([{ name: 'wb/00-hello/hello.ts', text: '' }]),
      'Cy_3_assignsubmission_file_/notes.txt': '',
      '__MACOSX/Ana/00-hello/hello.ts': '', '.DS_Store': '',
    });
    expect(await shown(root)).toEqual({ 'Ana Müller': '00-hello 02-crud', Bob: '00-hello', Cy: 'No exercise of the course was found in it.' });
  });

  it('is read as Canvas exports it: a flat folder of zips', async () => {
    const root = tree({ 'doejane_LATE_12_34_wb.zip': zip([{ name: '00-hello/hello.ts', text: '' }]), 'roebob_56_78_wb-1.zip': zip([{ name: 'a/b/02-crud/views.ts', text: '' }]) });
    expect(await shown(root)).toEqual({ doejane: '00-hello', roebob: '02-crud' });
    expect((await locateSubmissions(root, course)).map(({ name, lateBy }) => [name, lateBy])).toEqual([['doejane', expect.stringMatching(/unknown time .*LATE/)], ['roebob', undefined]]);
  });

  it('is read as Gradescope exports it, with names and times of its metadata', async () => {
    const root = tree({
      'export/submission_1/00-hello/hello.ts': '', 'export/submission_2/00-hello/hello.ts': '',
      'export/submission_metadata.yml': "submission_1:\n  :submitters:\n  - :name: Ada L\n    :sid: '77'\n    :email: ada@x.y\n  :created_at: 2026-11-20 03:15:00.5 Z\n",
    });
    expect((await locateSubmissions(join(root, 'export'), course)).map(({ name, keys, submittedAt }) => ({ name, keys, submittedAt }))).toEqual([
      { name: 'Ada L', keys: ['submission_1', '1', '77', 'ada@x.y'], submittedAt: '2026-11-20T03:15:00.500Z' },
      { name: 'submission_2', keys: ['submission_2', '2'], submittedAt: undefined },
    ]);
  });

  it('may lie one folder deeper', async () => {
    expect(await shown(tree({ 'export/ana/00-hello/hello.ts': '', 'export/bob/00-hello/hello.ts': '' }))).toEqual({ ana: '00-hello', bob: '00-hello' });
  });

  it('guesses nothing: what is ambiguous or damaged comes first, with the reason', async () => {
    const root = tree({
      'ana/00-hello/hello.ts': '', 'bob/a/00-hello/hello.ts': '', 'bob/b/00-hello/hello.ts': '', 'cy/1.zip': zip([]), 'cy/2.zip': zip([]), 'dee.zip': 'junk',
    });
    const found = await shown(root);
    expect(Object.keys(found)).toEqual(['bob', 'cy', 'dee', 'ana']);
    expect(found).toMatchObject({ bob: 'It holds 2 workbooks (in "a", "b"), so it is unclear which one counts.', cy: expect.stringContaining('2 archives'), dee: expect.stringContaining('damaged') });
  });

  it('tells two students of one name apart', async () => {
    expect(Object.keys(await shown(tree({ 'Jo_1_assignsubmission_file_/00-hello/hello.ts': '', 'Jo_2_assignsubmission_file_/00-hello/hello.ts': '' })))).toEqual(['Jo_1_assignsubmission_file_', 'Jo_2_assignsubmission_file_']);
  });

  it('may hand in the files alone where one exercise is graded', async () => {
    expect(await shown(tree({ 'ana/views.js': '', 'bob/src/views.ts': '', 'cy/a/views.ts': '', 'cy/b/views.ts': '' }), crud)).toEqual({ ana: '02-crud', bob: '02-crud', cy: 'It holds views.ts in 2 folders ("a", "b"), so it is unclear which one counts.' });
  });

  it('does not follow links', async () => {
    const root = tree({ 'ana/00-hello/hello.ts': '', 'bob/x.txt': '' });
    symlinkSync(join(root, 'ana'), join(root, 'bob', 'link'));
    expect(await shown(root)).toMatchObject({ ana: '00-hello', bob: 'No exercise of the course was found in it.' });
  });
});

describe('a target', () => {
  it.each([
    ['workbook', { '00-hello/hello.ts': '', '02-crud/views.ts': '' }, '00-hello 02-crud'],
  ])('that is a %s is one submission', async (_what, files, exercises) => {
    expect(Object.values(await shown(tree(files)))).toEqual([exercises]);
  });
  it('that is a zip is one submission', async () => {
    const root = tree({ 'work.zip': zip([{ name: 'x/00-hello/hello.ts', text: '' }]) });
    expect(await shown(join(root, 'work.zip'))).toEqual({ work: '00-hello' });
  });
  it.each([['nothing', 'none', /no exercise and no folder/], ['a file', 'a.txt', /neither a folder nor a zip/], ['an empty folder', '.', /holds no exercise/]])('that is %s is an error with a way out', async (_what, path, message) => {
    const root = tree({ 'a.txt': '' });
    await expect(locateSubmissions(join(root, path), course)).rejects.toMatchObject({ message: expect.stringMatching(message), wayOut: expect.any(String) });
  });
});
