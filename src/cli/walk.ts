import type { Exercise, Lesson } from '../course/types.ts';
import { exitCodes, type ExitCode } from '../errors.ts';
import { scoreWithBonus } from '../report/exercise.ts';
import type { ExerciseVerdict } from '../verdict/types.ts';
import { openExercise, touchedFiles } from '../workbook/exercises.ts';
import { CheckProgress } from './check-progress.ts';
import { openGrader } from './grader.ts';
import { place, remind, welcomeBack } from './returning.ts';
import { presentLesson, presentTask } from './lesson.ts';
import { practise } from './practice.ts';
import { openedProgress, type Session } from './session.ts';
import { wrap } from './terminal/table.ts';
import { nextStep, skippedExercises, type Step } from './way.ts';

/**
 * `next`: goes on until there is something for the learner to do in an editor, or to read where nothing can be asked.
 * @returns 1 only where it graded and something failed
 */
export async function walk(session: Session, engine: string | undefined): Promise<ExitCode> {
  await welcomeBack(session);
  for (;;) {
    const step = nextStep(session.course, session.progress);
    if (!step) {
      finish(session);
      if (await goesOn(session)) continue;
      return exitCodes.ok;
    }
    if (step.kind === 'exercise') {
      const outcome = await exerciseStep(session, step.exercise, engine);
      if (outcome !== 'passed') return outcome;
    } else if (!(await readingStep(session, step))) {
      return exitCodes.ok;
    }
  }
}

/**
 * Shows lessons and asks quizzes up to the next exercise, which is opened.
 * @returns undefined at the end of the way
 */
export async function readOn(session: Session): Promise<Exercise | undefined> {
  for (;;) {
    const step = nextStep(session.course, session.progress);
    if (!step) return undefined;
    if (step.kind !== 'exercise') {
      await readingStep(session, step);
      continue;
    }
    await openExercise(session.workbook, session.course, step.exercise);
    await session.update((progress) => void openedProgress(progress, step.exercise.id));
    return step.exercise;
  }
}

/** A lesson, a quiz or the choice of the way. False where the person should come back with another `next`. */
async function readingStep(session: Session, step: Exclude<Step, { kind: 'exercise' }>): Promise<boolean> {
  if (step.kind === 'lesson') return readLesson(session, step.lesson);
  if (step.kind === 'quiz') return offerQuiz(session, step.lesson);
  return chooseWay(session);
}

async function readLesson(session: Session, lesson: Lesson): Promise<boolean> {
  const { cli } = session;
  const { color } = cli.terminal;
  if (cli.terminal.interactive) {
    const { askEnter } = await import('./terminal/ask.ts');
    await askEnter(cli, `${color.bold(`Lesson: ${lesson.title}`)} (about ${lesson.minutes} minutes). Press Enter to read it. `);
  }
  await presentLesson(cli, session.course, lesson);
  await session.update((progress) => {
    progress.lessons[lesson.id] ??= { readAt: new Date().toISOString() };
  });
  if (cli.terminal.interactive) return true;
  cli.terminal.print();
  cli.terminal.print(`To read it again: npx mongo-course lesson ${lesson.id}`);
  cli.terminal.print('Go on with:       npx mongo-course next');
  return false;
}

async function offerQuiz(session: Session, lesson: Lesson): Promise<boolean> {
  const { cli } = session;
  const quiz = session.course.quizzes.find((one) => one.id === lesson.quiz);
  const record = (result?: { right: number; of: number }): Promise<void> =>
    session.update((progress) => {
      progress.quizzes[lesson.id] = { offeredAt: new Date().toISOString(), ...result };
    });
  if (!quiz || !cli.terminal.interactive) {
    if (quiz) cli.terminal.print(`There is a quiz on "${lesson.title}" when you sit at a terminal: npx mongo-course quiz ${quiz.id}`);
    await record();
    return true;
  }
  const { askYesNo } = await import('./terminal/ask.ts');
  const yes = await askYesNo(cli, `${quiz.questions.length} questions on "${lesson.title}" now? They never block the way.`, true);
  // Offered it has been now, whether it is finished or left in the middle.
  await record();
  if (!yes) return true;
  const { askQuiz } = await import('./quiz.ts');
  await record(await askQuiz(cli, quiz));
  return true;
}

async function chooseWay(session: Session): Promise<boolean> {
  const { cli } = session;
  let chosen: 'daily' | 'extensions' = 'daily';
  if (cli.terminal.interactive) {
    const { askOne } = await import('./terminal/ask.ts');
    chosen = await askOne(cli, 'You have done the core. What next?', [
      { name: 'The daily task: an app of your own', value: 'daily' },
      { name: 'The extensions first: Mongoose, TypeORM, two stores', value: 'extensions' },
    ]);
  }
  await session.update((progress) => {
    progress.way = chosen;
  });
  return true;
}

async function exerciseStep(session: Session, exercise: Exercise, engine: string | undefined): Promise<ExitCode | 'passed'> {
  const { course, workbook } = session;
  if (!session.progress.exercises[exercise.id]) {
    await open(session, exercise);
    return exitCodes.ok;
  }
  const touched = await touchedFiles(workbook, course, exercise);
  await noteGivenFiles(session, exercise, touched);
  if (touched.every((file) => exercise.given.includes(file))) {
    await openExercise(workbook, course, exercise);
    await remind(session, exercise);
    return exitCodes.ok;
  }
  const verdict = await gradeOnce(session, exercise, engine);
  if (verdict.status === 'errored') return exitCodes.environment;
  if (verdict.status !== 'passed') {
    whatNow(session, exercise);
    return exitCodes.failed;
  }
  celebrate(session, exercise, verdict);
  return 'passed';
}

async function gradeOnce(session: Session, exercise: Exercise, engine: string | undefined): Promise<ExerciseVerdict> {
  const progress = new CheckProgress(session.cli.terminal, [exercise]);
  const grader = await openGrader(session.cli, session.course, { engine, keepData: true, onEvent: progress.onEvent });
  progress.begin();
  try {
    const { verdict, seed } = await practise(session, grader, exercise);
    progress.end();
    const { printVerdict } = await import('./verdict.ts');
    await printVerdict(session.cli, session.workbook, grader.engine, seed, verdict);
    return verdict;
  } finally {
    progress.end();
    await grader.close();
  }
}

async function open(session: Session, exercise: Exercise): Promise<void> {
  const { cli, workbook, course } = session;
  await openExercise(workbook, course, exercise);
  await session.update((progress) => void openedProgress(progress, exercise.id));
  await presentTask(cli, course, exercise);
  const { color } = cli.terminal;
  cli.terminal.print();
  cli.terminal.print(color.bold('Your turn.'));
  for (const file of exercise.editable) cli.terminal.print(`  Edit   ${place(session, exercise, file)}`);
  cli.terminal.print('  Then   npx mongo-course next');
}

async function noteGivenFiles(session: Session, exercise: Exercise, touched: string[]): Promise<void> {
  const changed = touched.filter((file) => exercise.given.includes(file));
  if (changed.length === 0) return;
  session.cli.terminal.note(`You changed ${changed.join(', ')}, which the course gives: it is checked as it was given. Your work goes into ${exercise.editable.join(', ')}.`);
}

function celebrate(session: Session, exercise: Exercise, verdict: ExerciseVerdict): void {
  const { color, width } = session.cli.terminal;
  const words = wrap(`Well done: "${exercise.title}" passes, ${scoreWithBonus(verdict)}.`, width);
  for (const line of words.split('\n')) session.cli.terminal.print(color.green.bold(line));
  session.cli.terminal.print();
}

function whatNow(session: Session, exercise: Exercise): void {
  const { cli } = session;
  cli.terminal.print();
  cli.terminal.print('Change your code, then   npx mongo-course next');
  cli.terminal.print('Checked at every save    npx mongo-course watch');
  cli.terminal.print('Stuck?                   npx mongo-course hint');
  cli.terminal.print('What did it send?        npx mongo-course trace');
  if ((session.progress.exercises[exercise.id]?.attempts ?? 0) > 2) cli.terminal.print('Come back to it later?   npx mongo-course skip');
}

function finish(session: Session): void {
  const { cli, course, progress } = session;
  const passed = course.exercises.filter((exercise) => progress.exercises[exercise.id]?.passedAt);
  const points = passed.reduce((sum, exercise) => sum + (progress.exercises[exercise.id]?.score ?? 0), 0);
  cli.terminal.print(cli.terminal.color.bold(`That is the end of the way: ${passed.length} of ${course.exercises.length} exercises passed, ${points} points.`));
  for (const exercise of skippedExercises(course, progress)) {
    cli.terminal.print(`Put off: ${exercise.id} "${exercise.title}". Take it up with: npx mongo-course check ${exercise.id}`);
  }
  cli.terminal.print('Everything you did: npx mongo-course list');
  cli.terminal.print('To hand it in:      npx mongo-course pack');
}

/** Whoever took the daily task first can have the extensions after it. True where there is more to do now. */
async function goesOn(session: Session): Promise<boolean> {
  const { cli, course, progress } = session;
  if (progress.way !== 'daily') return false;
  const left = course.exercises.filter((exercise) => exercise.kind === 'extension' && progress.exercises[exercise.id]?.passedAt === undefined);
  const [first] = left;
  if (!first) return false;
  cli.terminal.print();
  cli.terminal.print(wrap(`There is more, if you like: ${left.map((exercise) => `${exercise.id} "${exercise.title}"`).join(', ')}.`, cli.terminal.width));
  if (!cli.terminal.interactive) {
    cli.terminal.print(`To take one up:     npx mongo-course watch ${first.id}`);
    return false;
  }
  const { askYesNo } = await import('./terminal/ask.ts');
  if (!(await askYesNo(cli, 'Go on with that?', false))) return false;
  await session.update((stored) => {
    stored.way = 'extensions';
  });
  return true;
}
