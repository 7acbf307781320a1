import { InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../../errors.ts';
import { sandboxChoices } from '../../submission/choose-sandbox.ts';
import { reporterNames } from '../../report/index.ts';
import type { Cli, CommandModule } from '../context.ts';

/** Options of `check`, as commander gives them. */
export interface CheckOptions {
  all?: boolean;
  exercise?: string[];
  seed?: number;
  engine?: string;
  mongoUri?: string;
  timeout?: number;
  jobs?: number;
  sandbox: string;
  reporter?: string[];
  failFast?: boolean;
  packages?: string;
  roster?: string;
  deadline?: string;
  shard?: string;
  resume?: boolean;
  artifacts?: string;
  feedback?: string;
  assignment?: string;
  overrides?: string;
  gradebook?: string;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('check [targets...]')
      .summary('check your work, or grade what others handed in')
      .description('Grades the current exercise; or the targets: an exercise id, a workbook, an exercise folder, a zip of either, or a class, a folder of these.')
      .option('--all', 'with a workbook: the extensions too, whose points are a bonus')
      .option('--exercise <ids...>', 'with a workbook: exactly these exercises')
      .addOption(new Option('--seed <number>', 'repeat a run: the same seed makes the same data').argParser(wholeNumber('A seed', 0, 2 ** 31 - 1)))
      .addOption(new Option('--engine <kind>', 'what serves MongoDB').choices(['embedded', 'mongod']))
      .option('--mongo-uri <uri>', 'use this MongoDB server instead')
      .addOption(new Option('--timeout <seconds>', 'at most this long for one exercise').argParser(wholeNumber('A time limit', 1, 3600)))
      .addOption(new Option('--jobs <number>', 'grade this many submissions, or exercises of one, at once (default: the cores)').argParser(wholeNumber('The number of jobs', 1, 256)))
      .addOption(new Option('--sandbox <kind>', 'how submissions are shut in').choices(sandboxChoices()).default('auto'))
      .addOption(new Option('--reporter <name>', `${reporterNames().join(', ')}; to stdout, or with name=file into a file; may be repeated`).argParser((name: string, names: string[] = []) => [...names, name]))
      .option('--fail-fast', 'stop after the first submission that fails')
      .option('--packages <folder>', 'further npm packages that submissions may import: a folder with node_modules')
      .option('--roster <csv>', 'a class: a row for every student of this list, missing ones too')
      .option('--deadline <time>', 'a class: say who was late, by the roster’s submitted_at or Gradescope’s metadata')
      .option('--shard <i/n>', 'a class: only the i-th of n parts; put them together with report merge')
      .option('--resume', 'a class: go on with an interrupted run, or grade only what has changed since')
      .option('--artifacts <folder>', 'a class: keep sources, feedback and wire timeline of each submission here')
      .option('--feedback <folder>', 'a class: a text for each student here, in folders named as they were handed in')
      .option('--assignment <name>', 'the canvas reporter: the assignment that gets the points (default: the course’s name)')
      .option('--overrides <yaml>', 'a class: points and comments by hand, with reasons')
      .option('--gradebook <uri>', 'a class: put the results into a MongoDB of yours')
      .action(cli.action((targets: string[], options: CheckOptions) => check(cli, targets, options)));
  },
};

function wholeNumber(what: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`${what} is a whole number from ${least} to ${most}.`);
    return value;
  };
}

async function check(cli: Cli, targets: string[], options: CheckOptions): Promise<ExitCode> {
  const { warmSlot } = await import('../../grading/slot-process.ts');
  warmSlot();
  const { checkTargets } = await import('../check.ts');
  return checkTargets(cli, targets, options);
}
