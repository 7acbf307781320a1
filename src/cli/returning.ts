import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Exercise } from '../course/types.ts';
import { exerciseDigest, touchedFiles } from '../workbook/exercises.ts';
import type { Progress } from '../workbook/progress.ts';
import { loadRun } from '../workbook/runs.ts';
import type { Session } from './session.ts';
import { currentExercise, minutesLeft } from './way.ts';
import { wrap } from './terminal/table.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** After so many days one has forgotten where one was. */
const longDays = 5;

/** Tells somebody who was away for days where they were. */
export async function welcomeBack(session: Session): Promise<void> {
  const { cli, course, progress, workbook } = session;
  const exercise = currentExercise(course, progress);
  const run = exercise && (await loadRun(workbook, exercise.id));
  const last = Math.max(...dates(progress), run ? Date.parse(run.at) : 0);
  const days = Math.floor((Date.now() - last) / dayMs);
  if (last <= 0 || days < longDays) return;
  const passed = course.exercises.filter((one) => progress.exercises[one.id]?.passedAt).length;
  const lines = [`Welcome back after ${days} days. ${passed} of ${course.exercises.length} exercises have passed; there are about ${minutesLeft(course, progress)} minutes to go.`];
  if (exercise && run && run.verdict.status !== 'passed') {
    const done = run.verdict.checks.filter((check) => check.status === 'passed').length;
    const open = run.verdict.checks.find((check) => check.status !== 'passed' && check.status !== 'skipped');
    lines.push(`You were at ${exercise.id} "${exercise.title}": ${done} of ${run.verdict.checks.length} checks passed${open ? `, the first that did not: ${open.title}` : ''}.`);
  } else if (exercise && progress.exercises[exercise.id]) {
    lines.push(`You were at ${exercise.id} "${exercise.title}".`);
  }
  if (exercise && progress.exercises[exercise.id]) lines.push('To read what it builds on again:', `  npx mongo-course lesson ${exercise.lesson}`);
  for (const line of lines) cli.terminal.print(wrap(line, cli.terminal.width));
  cli.terminal.print();
  await session.update((stored) => {
    stored.welcomedAt = new Date().toISOString();
  });
}

function dates(progress: Progress): number[] {
  const texts = [
    progress.welcomedAt,
    ...Object.values(progress.lessons).map((lesson) => lesson.readAt), ...Object.values(progress.quizzes).map((quiz) => quiz.offeredAt),
    ...Object.values(progress.exercises).flatMap((exercise) => [exercise.openedAt, exercise.passedAt, exercise.skippedAt]),
  ];
  return texts.flatMap((text) => (text === undefined || Number.isNaN(Date.parse(text)) ? [] : [Date.parse(text)]));
}

/** Says what is to be done where nothing was written yet; and where something was, but elsewhere. */
export async function remind(session: Session, exercise: Exercise): Promise<void> {
  const { terminal } = session.cli;
  terminal.print(`${exercise.id} "${exercise.title}" is waiting: ${exercise.editable.length === 1 ? `${exercise.editable[0]} is as it was given.` : 'its files are as they were given.'}`);
  for (const line of await editedElsewhere(session, exercise)) terminal.print(wrap(line, terminal.width));
  for (const file of exercise.editable) terminal.print(`  Edit   ${place(session, exercise, file)}`);
  terminal.print(`  Read   npx mongo-course task ${exercise.id}`);
  terminal.print(`  Hint   npx mongo-course hint ${exercise.id}`);
  terminal.print('  Then   npx mongo-course next');
}

async function editedElsewhere({ course, workbook, progress }: Session, exercise: Exercise): Promise<string[]> {
  const lines: string[] = [];
  for (const other of course.exercises) {
    const state = progress.exercises[other.id];
    if (other.id === exercise.id || !state) continue;
    const touched = await touchedFiles(workbook, course, other);
    const sincePassed = state.passedAt !== undefined && state.gradedDigest !== (await exerciseDigest(workbook, other.id));
    if (touched.length > 0 && (state.passedAt === undefined || sincePassed)) {
      lines.push(`You have edited ${other.id} (${touched.join(', ')}) instead. To check that:`, `  npx mongo-course check ${other.id}`);
    }
  }
  for (const file of exercise.editable) {
    const beside = await access(join(workbook, file)).then(() => true, () => false);
    if (beside) lines.push(`There is a ${file} beside the exercises' folders. The one that is checked is ${exercise.id}/${file}: move your work there.`);
  }
  return lines;
}

/** A file of an exercise as the person would type it from where they are. */
export function place(session: Session, exercise: Exercise, file: string): string {
  return relative(session.cli.cwd, `${session.workbook}/${exercise.id}/${file}`) || file;
}
