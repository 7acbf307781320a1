import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { expect, onTestFinished, test } from 'vitest';
import { querySqlFile } from '../../../src/grading/sql-file.ts';

async function file(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mongo-course-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'x.sqlite'), bytes);
  return join(folder, 'x.sqlite');
}

async function database(statement: string): Promise<Uint8Array> {
  const { Database } = await initSqlJs();
  const made = new Database();
  made.exec(statement);
  return made.export();
}

test('a check reads the rows of the file at SQL_FILE', async () => {
  const path = await file(await database("create table posts (id integer, title text); insert into posts values (1, 'a'), (2, 'b')"));
  expect(await querySqlFile(path, 'select * from posts where id > 1')).toEqual([{ id: 2, title: 'b' }]);
  expect(await querySqlFile(path, 'select * from posts where id > 2')).toEqual([]);
});

test('no file, another file and another table are the submission\'s mistakes', async () => {
  await expect(querySqlFile('/nowhere/x.sqlite', 'select 1')).rejects.toThrow('There is no file at SQL_FILE');
  await expect(querySqlFile(await file(Buffer.from('this is no database at all, whatever its name may say')), 'select * from posts')).rejects.toThrow('could not be read as expected');
  await expect(querySqlFile(await file(await database('create table other (id integer)')), 'select * from posts')).rejects.toThrow('no such table: posts');
});
