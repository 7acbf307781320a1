import type { Terminal } from '../terminal/terminal.ts';
import { progressBar } from '../terminal/table.ts';

/** Tells on stderr how far a class is: a line that is drawn anew on a terminal, else a sentence now and then. */
export class ClassProgress {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #startedAt = performance.now();
  #done = 0;
  #graded = 0;
  #toldAt = 0;

  constructor(terminal: Terminal, total: number) {
    this.#terminal = terminal;
    this.#total = total;
  }

  /** @param kept it was taken from an earlier run, and tells nothing about the speed of this one */
  step(kept: boolean): void {
    this.#done++;
    if (!kept) this.#graded++;
    const elapsed = (performance.now() - this.#startedAt) / 1000;
    const rate = this.#graded / Math.max(elapsed, 0.001);
    const left = this.#graded === 0 ? '' : `, ${spoken((this.#total - this.#done) / rate)} left`;
    const words = `${this.#done} of ${this.#total} graded, ${(rate * 60).toFixed(0)} a minute${left}`;
    if (this.#drawn) {
      this.#terminal.stderr.write(`\r\u001B[K${progressBar(this.#done, this.#total, 24)} ${words}`);
    } else if (elapsed - this.#toldAt >= 10 && this.#done < this.#total) {
      this.#toldAt = elapsed;
      this.#terminal.stderr.write(`${words}\n`);
    }
  }

  /** Takes the drawn line away, so that something else can be printed. */
  clear(): void {
    if (this.#drawn) this.#terminal.stderr.write('\r\u001B[K');
  }

  get #drawn(): boolean {
    return this.#terminal.stderr.columns !== undefined && !this.#terminal.accessible;
  }
}

function spoken(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
