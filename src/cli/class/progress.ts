import { ProgressLine } from '../terminal/progress-line.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Tells on stderr how far a class is. */
export class ClassProgress {
  readonly #line: ProgressLine;
  readonly #total: number;
  #done = 0;
  #graded = 0;

  constructor(terminal: Terminal, total: number) {
    this.#line = new ProgressLine(terminal);
    this.#total = total;
  }

  /** @param kept it was taken from an earlier run, and tells nothing about the speed of this one */
  step(kept: boolean): void {
    this.#done++;
    if (!kept) this.#graded++;
    const rate = this.#graded / Math.max(this.#line.elapsed, 0.001);
    const left = this.#graded === 0 ? '' : `, ${spoken((this.#total - this.#done) / rate)} left`;
    this.#line.show(this.#done, this.#total, `${this.#done} of ${this.#total} graded, ${(rate * 60).toFixed(0)} a minute${left}`);
  }

  /** Takes the drawn line away, so that something else can be printed. */
  clear(): void {
    this.#line.clear();
  }
}

function spoken(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
