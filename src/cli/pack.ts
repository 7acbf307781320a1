import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pointsOutOf } from '../course/points.ts';
import type { Exercise } from '../course/types.ts';
import { exitCodes, UserError } from '../errors.ts';
import { scoreWithBonus } from '../report/exercise.ts';
import { packContents, type Contents } from '../submission/pack/contents.ts';
import { findSecrets } from '../submission/pack/secrets.ts';
import { isOurs, zipOf } from '../submission/pack/zip.ts';
import { writeFileAtomic } from '../workbook/atomic.ts';
import { exerciseDigest, touchedFiles } from '../workbook/exercises.ts';
import { loadRun } from '../workbook/runs.ts';
import type { Session } from './session.ts';
import { shellWord } from './shell-word.ts';
import { pad, wrap } from './terminal/table.ts';

/**
 * Packs what a student hands in, and tells what is in it.
 * @throws UserError where there is nothing to hand in, a password is in it, or another file is in the way
 */
export async function packWorkbook(session: Session, file: string | undefined, force: boolean): Promise<void> {
  const { cli, workbook, course } = session;
  const target = file === undefined ? join(workbook, 'handin.zip') : resolve(cli.cwd, file);
  if (!/\.zip$/i.test(target)) throw new UserError(`A class run reads zips, and "${file}" is not named like one.`, { wayOut: `Name it ${basename(target)}.zip` });
  const contents = await packContents(workbook, course);
  if (contents.files.size === 0) throw new UserError('There is nothing to hand in yet: no exercise has been opened.', { wayOut: 'Go on with: npx mongo-course next' });
  refuseSecrets(session, contents);
  await refuseOthersFile(target, force);
  // The archive itself, from an earlier time, is nothing to tell about.
  const own = relative(workbook, target).replaceAll('\\', '/');
  contents.left = contents.left.filter(({ path }) => path !== own);
  const zip = zipOf(contents.files);
  await writeFileAtomic(target, zip);
  await describe(session, contents, { target, bytes: zip.length });
}

function refuseSecrets({ cli, workbook }: Session, contents: Contents): void {
  const found = [...contents.files].flatMap(([path, bytes]) => findSecrets(textOf(bytes)).map(({ line, column, what }) => `  ${relative(cli.cwd, join(workbook, path))}:${line}:${column} ${what}`));
  if (found.length === 0) return;
  const places = found.length === 1 ? 'One place holds' : `${found.length} places hold`;
  throw new UserError(`Nothing was packed. ${places} what should stay with you:\n${found.slice(0, 20).join('\n')}${found.length > 20 ? `\n  and ${found.length - 20} more` : ''}`, {
    wayOut: 'Put it into .env, which is never packed, and read it from process.env. If it works somewhere, change it there: it was in your source code. In an example, write <user>:<password>.', exitCode: exitCodes.failed,
  });
}

/** PowerShell writes UTF-16; whatever is no text is searched for keys all the same. */
const textOf = (bytes: Buffer): string => (bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8'));

async function refuseOthersFile(target: string, force: boolean): Promise<void> {
  const folder = await stat(dirname(target)).catch(missing);
  if (!folder?.isDirectory()) throw new UserError(`There is no folder ${dirname(target)}.`, { wayOut: 'Make it first, or name another file.' });
  const there = await lstat(target).catch(missing);
  if (there?.isDirectory()) throw new UserError(`${target} is a folder.`, { wayOut: 'Name another file.' });
  if (!there || force) return;
  if (!there.isFile() || !isOurs(await readFile(target))) throw new UserError(`${target} exists, and was not made by pack.`, { wayOut: 'Name another file, or add --force to write over it.' });
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

async function describe(session: Session, contents: Contents, zip: { target: string; bytes: number }): Promise<void> {
  const { cli, course } = session;
  const { terminal } = cli;
  const { color, accessible } = terminal;
  const heading = (text: string): void => {
    terminal.print();
    terminal.print(color.bold(text));
  };
  const shown = relative(cli.cwd, zip.target).startsWith('..') ? zip.target : relative(cli.cwd, zip.target);
  terminal.print(`${color.green(accessible ? 'Done:' : '✔')} ${shown}: ${count(contents.files.size, 'file')}, ${size(zip.bytes)}`);
  heading('Inside');
  for (const { id } of course.exercises) {
    const files = [...contents.files.keys()].filter((path) => path.startsWith(`${id}/`)).map((path) => path.slice(id.length + 1));
    if (files.length > 0) row(session, id, files.join(', '));
  }
  if (contents.left.length > 0) heading('Left out');
  for (const [why, paths] of byReason(contents)) for (const line of wrap(`  ${why}: ${paths.join(', ')}`, terminal.width).split('\n')) terminal.print(line);
  heading('What a class run checks, with other data');
  let bonus = false;
  let unchecked: string | undefined;
  for (const exercise of course.exercises) {
    const state = await stateOf(session, exercise, contents);
    if (state === undefined) continue;
    bonus ||= exercise.kind === 'extension';
    if (!state.checked) unchecked ??= exercise.id;
    row(session, exercise.id, exercise.kind === 'extension' ? `${state.words} (bonus)` : state.words);
  }
  if (bonus) terminal.print(wrap('The bonus counts where your class is graded with --all.', terminal.width));
  const given = await changedGiven(session, contents);
  if (given.length > 0) {
    heading('Given files that you changed');
    for (const path of given) row(session, path, 'the class run takes the course\'s own');
  }
  terminal.print();
  if (unchecked) terminal.print(`To check one yourself:  npx mongo-course check ${unchecked}`);
  terminal.print(`To try a class run:     npx mongo-course check ${shellWord(shown)}`);
}

function byReason({ left }: Contents): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { path, why } of left) reasons.set(why, [...(reasons.get(why) ?? []), path]);
  return reasons;
}

/** One name and what is said of it; later lines stand below the first one's text. */
function row({ cli }: Session, name: string, text: string): void {
  const { terminal } = cli;
  if (terminal.accessible) return terminal.print(`${name}: ${text}`);
  const column = 17;
  const lines = wrap(text, terminal.width - column - 3).split('\n');
  if (name.length > column) terminal.print(`  ${name}`);
  lines.forEach((line, index) => terminal.print(`  ${pad(index === 0 && name.length <= column ? name : '', column)} ${line}`));
}

/** How an exercise stands, and whether that is known of these very files; undefined for an extension that nobody opened. */
async function stateOf(session: Session, exercise: Exercise, contents: Contents): Promise<{ words: string; checked: boolean } | undefined> {
  const { course, workbook, progress } = session;
  const known = progress.exercises[exercise.id];
  const most = pointsOutOf(exercise);
  if (![...contents.files.keys()].some((path) => path.startsWith(`${exercise.id}/`))) return exercise.kind === 'extension' ? undefined : { words: `not opened: 0 of ${most} points`, checked: true };
  if ((await touchedFiles(workbook, course, exercise)).length === 0) return { words: `as it was given: 0 of ${most} points`, checked: true };
  if (known?.score === undefined) return { words: 'never checked here', checked: false };
  const run = await loadRun(workbook, exercise.id);
  const result = run ? scoreWithBonus(run.verdict) : `${known.score} of ${known.maxScore ?? most} points`;
  if (known.gradedDigest !== (await exerciseDigest(workbook, exercise.id))) return { words: `changed since its last check (${result})`, checked: false };
  return { words: known.status === 'passed' ? `passes, ${result}` : `does not pass yet, ${result}`, checked: true };
}

/** Given files that differ from the course's. */
async function changedGiven({ course }: Session, contents: Contents): Promise<string[]> {
  const changed: string[] = [];
  for (const exercise of course.exercises) {
    for (const file of exercise.given) {
      const theirs = contents.files.get(`${exercise.id}/${file}`);
      if (theirs && !theirs.equals(await readFile(join(course.root, 'exercises', exercise.id, 'starter', file)))) changed.push(`${exercise.id}/${file}`);
    }
  }
  return changed;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Bytes as people read them. */
const size = (bytes: number): string => (bytes < 1024 ? `${bytes} bytes` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
