import { exitCodes, UserError } from '../../errors.ts';
import type { Cli, CommandModule } from '../context.ts';

export const command: CommandModule = {
  register(program, cli) {
    program
      .command('setup')
      .summary('download a mongod, for --engine mongod')
      .description('Downloads a real MongoDB server where this machine has none. The course does not need it: it lets you compare the embedded engine with the real thing (--engine mongod). Nothing else ever downloads.')
      .option('--force', 'download it although there is one')
      .action(cli.action((options: { force?: boolean }) => setup(cli, options)));
  },
};

async function setup(cli: Cli, options: { force?: boolean }): Promise<void> {
  const { terminal } = cli;
  const [{ findMongod }, { binaryVersion }] = await Promise.all([import('../../engine/find-mongod.ts'), import('../../engine/binary-version.ts')]);
  const named = cli.env.MONGOMS_SYSTEM_BINARY;
  const there = options.force ? undefined : await findMongod(cli.env);
  if (there) {
    terminal.print(`There is a mongod already, from ${there.from}: ${there.path}`);
    await tellVersion(cli, there.path, binaryVersion);
    terminal.print('Nothing was downloaded. To download one all the same: npx mongo-course setup --force');
    return;
  }
  const [{ planDownload }, { ProgressLine }] = await Promise.all([import('../../engine/download-mongod.ts'), import('../terminal/progress-line.ts')]);
  const download = await planDownload();
  terminal.note(`Downloading MongoDB ${download.version} from ${download.url}`);
  const line = new ProgressLine(terminal);
  const stopped = new Promise<never>((_, reject) => {
    cli.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  try {
    await Promise.race([stopped, download.run((done, of) => line.show(done, of, `${percent(done, of)}, ${megabytes(done)} of ${megabytes(of)} MB`))]);
  } finally {
    line.clear();
  }
  terminal.print(`${terminal.color.green(terminal.accessible ? 'Done:' : '✔')} MongoDB ${download.version} is at ${download.path}`);
  await tellVersion(cli, download.path, binaryVersion);
  terminal.print(named ? `MONGOMS_SYSTEM_BINARY names ${named}, which comes first. Unset it to use the new one.` : 'Use it with: npx mongo-course check --engine mongod');
}

const startTimeoutMs = 20_000;

async function tellVersion({ terminal }: Cli, path: string, versionOf: (path: string, limitMs: number) => Promise<string>): Promise<void> {
  try {
    terminal.print(`It says: ${await versionOf(path, startTimeoutMs)}`);
  } catch (error) {
    throw new UserError(`It does not run: ${(error as Error).message}.`, { exitCode: exitCodes.environment, cause: error, wayOut: 'A library of the system may be missing: run it by hand with --version to see. The embedded engine needs none.' });
  }
}

const percent = (done: number, of: number): string => `${Math.floor((done / of) * 100)} %`;
const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
