import type { ExitCode } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    const report = program.command('report').summary('compare or merge JSON reports').description('Works on reports that check wrote with --reporter json=FILE.');
    report
      .command('diff <old> <new>')
      .summary('what changed from one report to another')
      .description('Lists the submissions whose result changed; a lower score for the same code comes first. Exit code 1 where there is one.')
      .action(cli.action((old: string, now: string) => diff(cli, old, now)));
    report
      .command('merge <files...>')
      .summary('one report of the shards of a class')
      .description('Puts the reports of check --shard together. Without --reporter the merged JSON goes to stdout.')
      .option('--reporter <name>', 'as check has it: name, or name=file; may be repeated', (name: string, names: string[] = []) => [...names, name])
      .option('--assignment <name>', 'as check has it')
      .action(cli.action((files: string[], options: { reporter?: string[]; assignment?: string }) => merge(cli, files, options.reporter ?? ['json'], options.assignment)));
  },
};

async function diff(cli: Cli, old: string, now: string): Promise<ExitCode> {
  const { compareFiles } = await import('../class/reports.ts');
  return compareFiles(cli, old, now);
}

async function merge(cli: Cli, files: string[], reporters: string[], assignment: string | undefined): Promise<void> {
  const { mergeFiles } = await import('../class/reports.ts');
  await mergeFiles(cli, files, reporters, assignment);
}
