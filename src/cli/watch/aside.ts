import type { Keyboard } from './keys.ts';
import type { Screen } from './screen.ts';

/** What `watch` has of the terminal. */
interface Taken {
  readonly screen: Screen;
  /** Absent where nobody can press a key. */
  readonly keyboard: Keyboard | undefined;
}

/** The terminal is somebody else's for a while: an editor's, a question's. */
export async function aside<T>({ screen, keyboard }: Taken, work: () => Promise<T>): Promise<T> {
  keyboard?.off();
  screen.leave();
  try {
    return await work();
  } finally {
    screen.enter();
    keyboard?.on();
  }
}

/** Ctrl-Z: to the shell, and back with `fg`. */
export async function pause(taken: Taken): Promise<void> {
  if (process.platform === 'win32') return;
  await aside(taken, async () => {
    const back = new Promise<void>((done) => process.once('SIGCONT', () => done()));
    process.kill(process.pid, 'SIGTSTP');
    await back;
  });
}
