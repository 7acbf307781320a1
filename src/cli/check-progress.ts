import type { Exercise } from '../course/types.ts';
import type { GraderEvent } from '../grading/index.ts';
import { ProgressLine } from './terminal/progress-line.ts';
import type { Terminal } from './terminal/terminal.ts';

/** How far the checks of somebody's own exercises are: some take many seconds, and a still screen looks broken. */
export class CheckProgress {
  readonly #terminal: Terminal;
  readonly #line: ProgressLine;
  readonly #of: number;
  #timer: NodeJS.Timeout | undefined;
  #done = 0;

  constructor(terminal: Terminal, exercises: readonly Exercise[]) {
    this.#terminal = terminal;
    this.#line = new ProgressLine(terminal);
    // That the code compiles is a check too, and of no points.
    this.#of = exercises.reduce((sum, exercise) => sum + Object.keys(exercise.points).length + 1, 0);
  }

  /** Nobody waits before a file or a pipe: nothing is said there. */
  begin(): void {
    if (this.#terminal.stderr.columns === undefined) return;
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#show();
  }

  /** For the grader to tell. */
  readonly onEvent = (event: GraderEvent): void => {
    if (event.kind !== 'check-done') return;
    this.#done++;
    if (this.#timer) this.#show();
  };

  #show(): void {
    const done = Math.min(this.#done, this.#of);
    this.#line.show(done, this.#of, `${done} of ${this.#of} checks`);
  }

  /** Takes the line away: something else is printed now. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#line.clear();
  }
}
