import { UserError, exitCodes } from '../errors.ts';
import { connectDirect } from '../wire/client.ts';

/** Asks a server for its version, which also tells whether it is there at all. */
export async function versionOf(backend: Parameters<typeof connectDirect>[0], what: string): Promise<string> {
  const client = connectDirect(backend);
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, failed) => {
      timer = setTimeout(() => failed(new Error('it did not answer within 5 seconds')), 5000);
    });
    const { version } = await Promise.race([client.command('admin', { buildInfo: 1 }), late]);
    return String(version);
  } catch (error) {
    throw new UserError(`MongoDB can't be reached: ${what}: ${(error as Error).message}.`, {
      exitCode: exitCodes.environment, cause: error, wayOut: 'Is it running? Without it, leave the option out: the embedded engine needs no server.',
    });
  } finally {
    clearTimeout(timer);
    client.close();
  }
}
