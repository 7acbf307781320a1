import { exitCodes, UserError } from '../errors.ts';
import { loadRegistrant, registryIds } from '../registry.ts';
import type { Sandbox } from './sandbox.ts';

const folder = new URL('./sandboxes/', import.meta.url);

/** What `--sandbox` can name. Loads nothing. */
export function sandboxChoices(): string[] {
  return ['auto', ...registryIds(folder)];
}

/**
 * The sandbox to use. One that is named must work; `auto` is the first that works of those that shut off everything, the
 * network too.
 * @param required whether `auto` may end with none: true where the code is a class's, which nobody has looked at
 * @throws UserError where what is wanted can't be had, saying why
 */
export async function chooseSandbox(wanted: string, required: boolean): Promise<string> {
  if (wanted === 'none') return wanted;
  const reasons: string[] = [];
  for (const name of wanted === 'auto' ? registryIds(folder) : [wanted]) {
    const sandbox = await loadRegistrant<Sandbox>(folder, name, 'sandbox');
    if (wanted === 'auto' && !sandbox.ownNetwork) continue;
    const answer = await sandbox.available();
    if (answer === true) return name;
    reasons.push(answer);
  }
  if (wanted === 'auto' && !required) return 'none';
  throw new UserError(wanted === 'auto' ? `No sandbox works on this machine, and this code is not your own: ${reasons.join('; ')}.` : `The sandbox ${wanted} does not work here: ${reasons.join('; ')}.`, {
    wayOut: 'Install bubblewrap, or grade in a container or a virtual machine that you can throw away and say --sandbox none.', exitCode: exitCodes.environment,
  });
}
