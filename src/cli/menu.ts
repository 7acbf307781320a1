import type { Command } from 'commander';
import { exitCodes, isUserError, type ExitCode } from '../errors.ts';
import { findWorkbook } from '../workbook/workbook.ts';
import type { Cli } from './context.ts';
import { askOne, type Choice } from './terminal/ask.ts';
import { wrap } from './terminal/table.ts';

/** What is offered where somebody sits at a terminal and named no command; goes on until they leave. */
export async function openMenu(cli: Cli, program: Command): Promise<ExitCode> {
  for (;;) {
    const { heading, choices } = await offer(cli);
    cli.terminal.print();
    cli.terminal.print(wrap(heading, cli.terminal.width));
    const chosen = await askOne(cli, 'What now?', [...choices, { name: 'All commands', value: 'help' }, { name: 'Quit', value: 'quit' }]);
    if (chosen === 'quit') return exitCodes.ok;
    if (chosen === 'help') {
      program.outputHelp();
      continue;
    }
    try {
      await program.parseAsync([chosen], { from: 'user' });
    } catch (error) {
      if (!isUserError(error) || error.exitCode === exitCodes.interrupted) throw error;
      cli.terminal.note(error.message);
      if (error.wayOut) cli.terminal.note(error.wayOut);
    }
    if (cli.signal.aborted) return exitCodes.interrupted;
  }
}

async function offer(cli: Cli): Promise<{ heading: string; choices: Choice<string>[] }> {
  const workbook = findWorkbook(cli.cwd);
  const course = await cli.course();
  if (!workbook) {
    return {
      heading: `${course.name}: you are not in a workbook.`,
      choices: [{ name: 'Begin, or go on in the last workbook', value: 'next' }, { name: 'See what the course holds', value: 'list' }, { name: 'Look at this machine', value: 'doctor' }],
    };
  }
  const [{ loadProgress }, { currentExercise, minutesLeft, nextStep }] = await Promise.all([import('../workbook/progress.ts'), import('./way.ts')]);
  const { progress } = await loadProgress(workbook, course);
  const exercise = currentExercise(course, progress);
  const state = exercise && progress.exercises[exercise.id];
  const heading = exercise ? `${exercise.id} "${exercise.title}", about ${minutesLeft(course, progress)} minutes to the end of the course.` : course.name;
  const choices: Choice<string>[] = [{ name: 'Go on: read, write or check what is next', value: 'next' }];
  if (exercise && state) {
    choices.push({ name: 'Watch: check whenever I save', value: 'watch' }, { name: 'Read the task', value: 'task' }, { name: 'Get a hint', value: 'hint' });
    if (state.attempts > 0) choices.push({ name: 'See what my code sent to MongoDB', value: 'trace' });
    if (exercise.entryKind === 'server') choices.push({ name: 'Run my server', value: 'run' });
    if (state.attempts > 0) choices.push({ name: 'Look into the data', value: 'shell' });
    if (state.passedAt) choices.push({ name: 'Compare with our solution', value: 'solution' });
  }
  if (!nextStep(course, progress)) choices.push({ name: 'Pack what I hand in', value: 'pack' });
  choices.push({ name: 'See where I am', value: 'list' }, { name: 'Read the lesson', value: 'lesson' });
  return { heading, choices };
}
