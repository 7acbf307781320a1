import { UserError } from '../../errors.ts';
import type { TraceEntry } from '../../verdict/types.ts';
import type { Cli, CommandModule } from '../context.ts';

interface Options {
  json?: boolean;
  check?: string;
}

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('trace [id]')
      .summary('what your code sent to MongoDB in the last check')
      .description('Shows the last check as a timeline: what was sent, how long it took, what came back.')
      .option('--check <check>', 'only what one check saw')
      .option('--json', 'print it as JSON')
      .action(cli.action((id: string | undefined, options: Options) => trace(cli, id, options)));
  },
};

async function trace(cli: Cli, id: string | undefined, options: Options): Promise<void> {
  const [{ chooseExercise, requireSession }, { loadRun }, { page }] = await Promise.all([
    import('../session.ts'), import('../../workbook/runs.ts'), import('../terminal/pager.ts'),
  ]);
  const session = await requireSession(cli, 'read');
  const exercise = chooseExercise(session, id);
  const run = await loadRun(session.workbook, exercise.id);
  if (!run) throw new UserError(`${exercise.id} has not been checked yet.`, { wayOut: `Check it first: npx mongo-course check ${exercise.id}` });
  const known = [...new Set(run.trace.map((entry) => entry.check))];
  if (options.check !== undefined && !known.includes(options.check)) {
    throw new UserError(`The last run saw nothing in a check "${options.check}".`, { wayOut: `It saw traffic in: ${known.join(', ') || 'no check at all'}.` });
  }
  const entries = run.trace.filter((entry) => options.check === undefined || entry.check === options.check);
  if (options.json) {
    cli.terminal.print(JSON.stringify({ exercise: exercise.id, at: run.at, seed: run.seed, engine: run.engine, entries }, null, 2));
    return;
  }
  const head = `${exercise.id}, checked ${run.at.replace('T', ' ').slice(0, 19)} UTC, seed ${run.seed}, ${run.engine.kind} engine ${run.engine.version}`;
  const body = entries.length > 0 ? timeline(cli, entries, run.verdict.checks) : ['Your code sent nothing to MongoDB.'];
  await page(cli, `${[cli.terminal.color.bold(head), ...body].join('\n')}\n`);
}

function timeline(cli: Cli, entries: readonly TraceEntry[], checks: readonly { id: string; title: string }[]): string[] {
  const { color } = cli.terminal;
  const lines: string[] = [];
  let check: string | undefined;
  let repeated = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.check !== check) {
      check = entry.check;
      lines.push('', color.cyan(checks.find((one) => one.id === check)?.title ?? check));
    }
    const previous = entries[index - 1];
    repeated = entry.shape !== undefined && previous?.check === entry.check && previous.shape === entry.shape ? repeated + 1 : 0;
    const again = repeated > 0 ? color.yellow(`  (same shape, time ${repeated + 1})`) : '';
    lines.push(`${color.dim(`${entry.at.toFixed(1).padStart(9)} ms  #${String(entry.connection).padEnd(3)}`)} ${describe(cli, entry)}${again}`);
  }
  const commands = entries.filter((entry) => entry.kind === 'command').length;
  lines.push('', `${commands} commands on ${new Set(entries.map((entry) => entry.connection)).size} connections`);
  return lines;
}

function describe(cli: Cli, entry: TraceEntry): string {
  const { color } = cli.terminal;
  if (entry.kind !== 'command') return color.dim(entry.text);
  const took = entry.durationMs === undefined ? 'no answer' : `${entry.durationMs.toFixed(1)} ms`;
  const answer = entry.ok === false ? color.red(`error ${entry.code ?? ''}`.trim()) : entry.n === undefined ? 'ok' : `n ${entry.n}`;
  return `${entry.text}  ${color.dim(`→ ${answer}, ${took}`)}`;
}
