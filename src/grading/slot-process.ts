import { fork, type ChildProcess } from 'node:child_process';
import { programFile } from '../program-file.ts';
import { roomForYoungObjects } from '../submission/process/node-options.ts';

let warm: ChildProcess | undefined;

/**
 * Starts a slot's process before anybody needs it, so that it loads while the caller does. It ends with ours, and does
 * not keep ours alive until it is taken.
 */
export function warmSlot(): void {
  if (warm) return;
  const child = start();
  warm = child;
  child.unref();
  child.channel?.unref();
  child.once('exit', () => {
    if (warm === child) warm = undefined;
  });
}

/** A slot's process: the warm one, or a new one. */
export function takeSlotProcess(): ChildProcess {
  const child = warm ?? start();
  warm = undefined;
  child.ref();
  child.channel?.ref();
  return child;
}

/** Where our own process is debugged (NODE_OPTIONS=--inspect), its port is taken: a slot takes any other. */
const portOfItsOwn = '--inspect-port=0';

function start(): ChildProcess {
  return fork(programFile('grading/start.cjs'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced', execArgv: [roomForYoungObjects, portOfItsOwn] });
}
