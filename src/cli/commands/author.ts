import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

interface VerifyOptions {
  seed: number;
  jobs?: number;
  engine?: string;
  mongoUri?: string;
  watch?: boolean;
}

export const command: CommandModule = {
  register(program, cli) {
    const author = program.command('author').summary('write a course, and prove it').description('For those who write or change a course.');
    author
      .command('new <id>')
      .summary('scaffold an exercise')
      .description('Makes the folder of a new exercise, NN-slug, with a file for everything that an exercise has.')
      .action(cli.action((id: string) => scaffold(cli, id)));
    author
      .command('verify [ids...]')
      .summary('prove exercises; without an id all of them')
      .description('Proves that solutions and variants score in full, starters nothing, and that every mistake fails exactly the checks it names.')
      .addOption(new Option('--seed <number>', 'repeat a run: the same seed makes the same data').argParser(wholeNumber).default(1))
      .addOption(new Option('--jobs <number>', 'grade this many at once (default: three for each core, as much of a check is waiting)').argParser(wholeNumber))
      .addOption(new Option('--engine <kind>', 'what serves MongoDB').choices(['embedded', 'mongod']))
      .option('--mongo-uri <uri>', 'use this MongoDB server instead')
      .option('--watch', 'verify again whenever a file of these exercises changes')
      .action(cli.action((ids: string[], options: VerifyOptions) => verify(cli, ids, options)));
    author
      .command('coverage')
      .summary('print which checks and mistakes stand behind each rule')
      .description('Prints a page in Markdown: for each exercise the rules of its contract.yaml, the checks behind each, and the mistakes that these catch.')
      .action(cli.action(() => printCoverage(cli)));
  },
};

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

async function rootOf(cli: Cli): Promise<string> {
  const { courseRoot } = await import('../../course/load.ts');
  return cli.options().course === undefined ? courseRoot() : resolve(cli.cwd, cli.options().course as string);
}

async function printCoverage(cli: Cli): Promise<void> {
  const [{ coveragePage }, { validateCourse }] = await Promise.all([import('../../author/coverage.ts'), import('../../course/validate.ts')]);
  cli.terminal.stdout.write(await coveragePage(await validateCourse(await rootOf(cli))));
}

async function scaffold(cli: Cli, id: string): Promise<void> {
  const { newExercise } = await import('../../author/new.ts');
  const root = await rootOf(cli);
  const written = await newExercise(root, id);
  for (const file of written) cli.terminal.print(file);
  cli.terminal.note(`Fill in the blanks, then: npx mongo-course author verify ${id}`);
}

async function verify(cli: Cli, ids: string[], options: VerifyOptions): Promise<ExitCode> {
  const root = await rootOf(cli);
  const { verifyOnce, verifyAndWatch } = await import('../author.ts');
  return options.watch ? verifyAndWatch(cli, root, ids, options) : verifyOnce(cli, root, ids, options);
}

