import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCourse } from '../../../../src/course/load.ts';
import type { Course } from '../../../../src/course/types.ts';
import { extractArchive, listArchive } from '../../../../src/submission/intake/archive.ts';
import { packContents } from '../../../../src/submission/pack/contents.ts';
import { isOurs, zipOf } from '../../../../src/submission/pack/zip.ts';
import { readSources } from '../../../../src/submission/sources.ts';

let course: Course;
let folder: string;
let workbook: string;
beforeAll(async () => {
  course = await loadCourse();
  folder = mkdtempSync(join(tmpdir(), 'mc-pack-'));
  workbook = join(folder, 'wb');
  for (const id of ['00-hello', '02-crud', '09-daily-task']) cpSync(resolve('solutions', id), join(workbook, id), { recursive: true });
  mkdirSync(join(workbook, '09-daily-task', 'src', 'öffentlich'), { recursive: true });
  writeFileSync(join(workbook, '09-daily-task', 'src', 'öffentlich', 'a file.html'), '<p>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what grading would read of each exercise is the same from the zip', async () => {
  const { files } = await packContents(workbook, course);
  const zip = join(folder, 'ada.zip');
  writeFileSync(zip, zipOf(files));
  expect(await listArchive(zip)).toEqual([...files.keys()].sort());
  const out = join(folder, 'out');
  await extractArchive(zip, out);
  for (const id of ['00-hello', '02-crud', '09-daily-task']) {
    const exercise = course.exercises.find((one) => one.id === id) ?? course.exercises[0];
    if (!exercise) throw new Error('the course has no exercises');
    expect((await readSources(course, exercise, join(out, id))).digest).toBe((await readSources(course, exercise, join(workbook, id))).digest);
  }
});

test('the same files are the same bytes, in whatever order and whenever they were written', async () => {
  const { files } = await packContents(workbook, course);
  const other = join(folder, 'other');
  for (const id of ['09-daily-task', '02-crud', '00-hello']) cpSync(join(workbook, id), join(other, id), { recursive: true });
  const again = await packContents(other, course);
  expect(zipOf(new Map([...again.files].reverse())).equals(zipOf(files))).toBe(true);
  expect(isOurs(zipOf(files))).toBe(true);
  expect(isOurs(Buffer.from('PK'))).toBe(false);
});

test.skipIf(process.platform === 'win32')('what is not source code stays, each with a reason; no link is followed', async () => {
  const messy = join(folder, 'messy');
  cpSync(join(workbook, '02-crud'), join(messy, '02-crud'), { recursive: true });
  const put = (path: string, text: string | Buffer = 'x'): void => {
    mkdirSync(join(messy, path, '..'), { recursive: true });
    writeFileSync(join(messy, path), text);
  };
  for (const path of ['.env', '.mongo-course/progress.json', 'notes.md', '02-crud/.env', '02-crud/.env.local', '02-crud/node_modules/x/index.js', '02-crud/views.ts~', '02-crud/id_rsa', '02-crud/old.zip', '02-crud/.git/config', '02-crud/a\\b.ts']) put(path);
  put('02-crud/picture', Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  put('02-crud/large.ts');
  truncateSync(join(messy, '02-crud/large.ts'), 6 * 1024 * 1024);
  writeFileSync(join(folder, 'outside.ts'), 'secret');
  symlinkSync(join(folder, 'outside.ts'), join(messy, '02-crud', 'linked.ts'));
  symlinkSync(folder, join(messy, '02-crud', 'linked'));
  symlinkSync(join(workbook, '00-hello'), join(messy, '00-hello'));
  const { files, left } = await packContents(messy, course);
  expect([...files.keys()]).toEqual([...(await packContents(workbook, course)).files.keys()].filter((path) => path.startsWith('02-crud/')));
  expect(left.map(({ path }) => path).sort()).toEqual([
    '.env', '.mongo-course/', '00-hello', '02-crud/.env', '02-crud/.env.local', '02-crud/.git/', '02-crud/a\\b.ts', '02-crud/id_rsa', '02-crud/large.ts', '02-crud/linked', '02-crud/linked.ts',
    '02-crud/node_modules/', '02-crud/old.zip', '02-crud/picture', '02-crud/views.ts~', 'notes.md',
  ].sort());
  expect(left.every(({ why }) => why.length > 5)).toBe(true);
  expect(left.filter(({ why }) => why.includes('link')).map(({ path }) => path)).toEqual(['00-hello', '02-crud/linked', '02-crud/linked.ts']);
});
