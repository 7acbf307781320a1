import { readFile } from 'node:fs/promises';
import type initialise from 'sql.js';
import { SubmissionError } from '../checker/failure.ts';
import type { Document } from '../checker/types.ts';

/** Compiled once: that takes longer than any query here. */
let sql: ReturnType<typeof initialise> | undefined;

/**
 * The rows that a query gives on an SQLite file, as it is on the disk now.
 * @throws SubmissionError where there is no such file, or it holds no database with what the query asks for
 */
export async function querySqlFile(path: string, query: string): Promise<Document[]> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new SubmissionError({ message: 'There is no file at SQL_FILE: nothing was stored there.', cause: 'no file at SQL_FILE', hint: "In TypeORM's options for sql.js: location: process.env.SQL_FILE, autoSave: true." });
  });
  const { Database } = await (sql ??= import('sql.js').then(({ default: initSqlJs }) => initSqlJs()));
  const database = new Database(bytes);
  try {
    const [result] = database.exec(query);
    return (result?.values ?? []).map((row) => Object.fromEntries(row.map((value, index) => [result?.columns[index] ?? '', value])));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SubmissionError({ message: `The file at SQL_FILE could not be read as expected: ${reason}.`, cause: 'the file at SQL_FILE holds something else', evidence: [{ kind: 'error', text: `${query}\n${reason}`, untrusted: true }] });
  } finally {
    database.close();
  }
}
