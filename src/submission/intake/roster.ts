import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import Papa from 'papaparse';
import { UserError } from '../../errors.ts';
import type { Submission } from '../types.ts';
import { instant } from './moment.ts';

/** A student of a class list. */
export interface Student {
  name: string;
  /** What names one person only: number, e-mail address, login, the file handed in. */
  ids: string[];
  /** The name, in the orders that platforms write it. */
  names: string[];
  /** ISO 8601, where the list says it. */
  submittedAt?: string;
  /** All of the row, by its columns: what an import into the platform needs again. */
  row: Record<string, string>;
}

const columns = {
  name: ['name', 'student', 'fullname', 'studentname'],
  first: ['firstname', 'givenname'],
  last: ['lastname', 'surname', 'familyname'],
  ids: ['id', 'sid', 'studentid', 'idnumber', 'sisuserid', 'sisloginid', 'login', 'loginid', 'username', 'email', 'emailaddress', 'submission', 'folder', 'file', 'identifier'],
  submittedAt: ['submittedat', 'submissiontime', 'submitted'],
} as const;

/**
 * A class list in CSV with a header line. It names students by `name`, or `first_name` and `last_name`, and may have `id`,
 * `email`, `login`, `submission` and `submitted_at`, as the exports of learning platforms write them: a gradebook of
 * Canvas and a grading worksheet of Moodle are rosters as they are.
 * @throws UserError where it can't be read, with the line
 */
export async function readRoster(path: string): Promise<Student[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`The roster ${path} can't be read: ${error.message}.`, { wayOut: 'Name a CSV file with a header line: name,email,submitted_at', cause: error });
  });
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const header = data[0] ?? [];
  const wrong = errors.find((error) => error.type === 'Quotes')?.row ?? data.findIndex((cells) => cells.length > header.length);
  if (wrong >= 0) throw new UserError(`The roster ${path}, row ${wrong + 1}: it has other columns than the header line.`, { wayOut: 'Put cells that hold commas in quotes.' });
  return data.slice(1).flatMap((cells, index) => (isAboutColumns(cells) ? [] : [student(path, header, cells, index + 2)]));
}

/** A row of Canvas's gradebook that tells of its assignments, not of a student. */
function isAboutColumns(cells: readonly string[]): boolean {
  return /^\s*Points Possible\s*$/.test(cells[0] ?? '') || cells.every((cell) => /^\s*(Muted|Manual Posting.*)?\s*$/i.test(cell));
}

function student(path: string, header: readonly string[], cells: readonly string[], line: number): Student {
  const row = Object.fromEntries(header.map((column, index) => [column.trim(), cells[index]?.trim() ?? '']));
  const byColumn = new Map(Object.entries(row).map(([column, value]) => [fold(column), value]));
  const cell = (names: readonly string[]): string => names.map((name) => byColumn.get(name) ?? '').find((value) => value !== '') ?? '';
  const [first, last] = [cell(columns.first), cell(columns.last)];
  const name = cell(columns.name) || [first, last].filter((part) => part !== '').join(' ');
  const known = columns.ids.map((column) => byColumn.get(column) ?? '').filter((value) => value !== '');
  // Moodle's worksheet says `Participant 123`, in the language of the site; its export of files says 123.
  const ids = [...known, ...known.flatMap((id) => /^\p{L}+ (\d+)$/u.exec(id)?.[1] ?? [])];
  if (name === '' && ids.length === 0) throw new UserError(`The roster ${path}, line ${line}: there is no name, id or e-mail address.`, { wayOut: 'The header line must name the columns, for example: name,email,submitted_at' });
  const when = cell(columns.submittedAt);
  const submittedAt = instant(when);
  if (when !== '' && submittedAt === undefined) throw new UserError(`The roster ${path}, line ${line}: "${when}" is no time.`, { wayOut: 'Write it with its zone: 2026-11-20T23:59:00+01:00' });
  return { name: name || (ids[0] as string), ids, names: name === '' ? [] : orders(name), row, ...(submittedAt === undefined ? {} : { submittedAt }) };
}

/** A name as it stands, and with the last word first, or the first last; also from `Last, First`. */
function orders(name: string): string[] {
  const words = name.replace(',', ' ').split(/\s+/).filter((word) => word !== '');
  return [...new Set([words, [...words.slice(-1), ...words.slice(0, -1)], [...words.slice(1), ...words.slice(0, 1)]].map((order) => fold(order.join(''))))];
}

/** Letters and digits alone, without case and accents. */
const fold = (text: string): string => text.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}@]/gu, '');

/**
 * A row for every student, in the roster's order, then what nobody in it handed in. What could belong to several
 * students, or is one of several of one student, is unreadable: nothing is guessed.
 */
export function matchRoster(students: readonly Student[], submissions: readonly Submission[]): Submission[] {
  const owners = new Map(submissions.map((submission) => [submission, ownersOf(submission, students)]));
  const rows = students.map((one): Submission => {
    const theirs = submissions.filter((submission) => owners.get(submission)?.includes(one));
    const clear = theirs.filter((submission) => owners.get(submission)?.length === 1);
    const base = { name: one.name, student: one.row, ...(one.submittedAt === undefined ? {} : { submittedAt: one.submittedAt }) };
    const [only] = clear;
    if (only && clear.length === 1) return { ...only, ...base };
    const files = (clear.length > 1 ? clear : theirs).map((submission) => basename(submission.path));
    const nothing = { ...base, path: '', exercises: new Map<string, string>() };
    if (clear.length > 1) return { ...nothing, unreadable: `${clear.length} submissions are by this student (${files.join(', ')}), so it is unclear which one counts.` };
    if (files.length > 0) return { ...nothing, unreadable: `${files.join(', ')} may be by this student, or by another one of the roster.` };
    return nothing;
  });
  const others = submissions.filter((submission) => owners.get(submission)?.length === 0);
  return [...rows, ...others];
}

function ownersOf(submission: Submission, students: readonly Student[]): Student[] {
  const keys = new Set([submission.name, basename(submission.path), ...(submission.keys ?? [])].map((key) => fold(key.replace(/\.zip$/i, ''))));
  const byId = students.filter((one) => one.ids.some((id) => keys.has(fold(id.replace(/\.zip$/i, '')))));
  return byId.length > 0 ? byId : students.filter((one) => one.names.some((name) => keys.has(name)));
}
