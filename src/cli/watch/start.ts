import type { Exercise } from '../../course/types.ts';
import { exitCodes, UserError, type ExitCode } from '../../errors.ts';
import { openExercise } from '../../workbook/exercises.ts';
import { isWorkbook } from '../../workbook/workbook.ts';
import { openGrader } from '../grader.ts';
import { openedProgress, type Session } from '../session.ts';
import { Mailbox } from './events.ts';
import { createKeyboard } from './keys.ts';
import { Watch } from './loop.ts';
import { LiveScreen, PlainScreen } from './screen.ts';

/** Puts the sources of events together, and runs the loop that reads them. */
export async function startWatch(session: Session, exercise: Exercise, only: boolean, engine: string | undefined): Promise<ExitCode> {
  const { cli } = session;
  const { terminal } = cli;
  const mailbox = new Mailbox();
  await ensureOpen(session, exercise);
  const grader = await openGrader(cli, session.course, {
    engine, keepData: true,
    onEvent: (event) => {
      if (event.kind === 'check-done') mailbox.push({ kind: 'check-done', check: event.check });
    },
  });
  const keyboard = terminal.interactive ? createKeyboard(process.stdin, (key) => mailbox.push({ kind: 'key', key })) : undefined;
  const screen = terminal.interactive && !terminal.accessible ? new LiveScreen(terminal) : new PlainScreen(terminal, keyboard !== undefined);
  const resized = (): void => mailbox.push({ kind: 'resized' });
  const stopped = (): void => mailbox.push({ kind: 'stopped' });
  terminal.stdout.on('resize', resized);
  cli.signal.addEventListener('abort', stopped, { once: true });
  // A crash is told where it can be read: on the terminal as it was.
  const crashed = (): void => screen.leave();
  process.on('uncaughtExceptionMonitor', crashed);
  try {
    return await new Watch({ session, exercise, only, grader, mailbox, screen, keyboard }).run();
  } catch (error) {
    if (await isWorkbook(session.workbook)) throw error;
    // What goes wrong in a workbook that was moved away says nothing.
    throw new UserError(`Your workbook is not at ${session.workbook} any more: it was moved, renamed or deleted.`, {
      exitCode: exitCodes.environment, wayOut: 'Go to where it is now, and start watch again.', cause: error,
    });
  } finally {
    process.off('uncaughtExceptionMonitor', crashed);
    terminal.stdout.off('resize', resized);
    cli.signal.removeEventListener('abort', stopped);
    await grader.close();
  }
}

/** Opens an exercise in the workbook, if it is not, so that there is something to save. */
async function ensureOpen(session: Session, exercise: Exercise): Promise<void> {
  await openExercise(session.workbook, session.course, exercise);
  if (!session.progress.exercises[exercise.id]) await session.update((progress) => void openedProgress(progress, exercise.id));
}
