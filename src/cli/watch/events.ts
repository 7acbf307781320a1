import type { CheckVerdict, ExerciseVerdict } from '../../verdict/types.ts';
import type { Key } from './keys.ts';

/** Everything that `watch` reacts to, from whatever source. */
export type WatchEvent =
  | { kind: 'key'; key: Key }
  /** Files of an exercise were saved. */
  | { kind: 'saved'; exercise: string; file: string | undefined }
  | { kind: 'check-done'; check: CheckVerdict }
  | { kind: 'graded'; verdict: ExerciseVerdict; firstPass: boolean }
  | { kind: 'resized' }
  /** Something still runs, and has been running for a while. */
  | { kind: 'still-running' }
  /** Ctrl-C of another terminal, SIGTERM, a closed window. */
  | { kind: 'stopped' }
  | { kind: 'failed'; error: unknown };

/** Events in the order they came; none is lost while the reader is busy. */
export class Mailbox {
  readonly #events: WatchEvent[] = [];
  #waiting: ((event: WatchEvent) => void) | undefined;

  push(event: WatchEvent): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(event);
    else this.#events.push(event);
  }

  /** The next event; waits for one. Has one reader. */
  next(): Promise<WatchEvent> {
    const event = this.#events.shift();
    if (event) return Promise.resolve(event);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
