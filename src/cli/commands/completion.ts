import { Argument, type Command } from 'commander';
import { loadRegistrant, loadRegistry, registryIds } from '../../registry.ts';
import type { Shell } from '../completion/model.ts';
import type { Cli, CommandModule } from '../context.ts';

const shells = new URL('../completion/shells/', import.meta.url);

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('completion')
      .summary('the Tab key for your shell')
      .description('Prints a script by which your shell completes commands, options and ids of the course, after mongo-course and after npx mongo-course. Its first lines say how to install it.')
      .addArgument(new Argument('<shell>', 'your shell').choices(registryIds(shells)))
      .action(cli.action((name: string) => completion(cli, program, name)));
  },
};

async function completion(cli: Cli, program: Command, name: string): Promise<void> {
  // Named first, this command was loaded alone.
  const all = await loadRegistry<CommandModule>(new URL('./', import.meta.url), 'command');
  for (const [id, one] of all) if (!program.commands.some((there) => there.name() === id)) one.register(program, cli);
  const [course, shell, { completedCommands }] = await Promise.all([cli.course(), loadRegistrant<Shell>(shells, name, 'shell'), import('../completion/model.ts')]);
  cli.terminal.print(`# mongo-course in ${name}, for the Tab key. Once:`);
  for (const line of shell.install) cli.terminal.print(`#   ${line}`);
  cli.terminal.stdout.write(shell.script(completedCommands(program, course)));
}
