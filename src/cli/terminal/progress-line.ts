import { progressBar } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Seconds between two sentences where nothing is drawn. */
const everySeconds = 10;

/** Tells on stderr how far something is: a line that is drawn anew on a terminal, else a sentence now and then. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #startedAt = performance.now();
  #toldAt = 0;
  #drawnText = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Seconds since it began. */
  get elapsed(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  show(done: number, of: number, words: string): void {
    if (this.#drawn) {
      const text = `${progressBar(done, of, 24)} ${words}`;
      if (text === this.#drawnText) return;
      this.#drawnText = text;
      this.#terminal.stderr.write(`\r\u001B[K${text}`);
    } else if (this.elapsed - this.#toldAt >= everySeconds && done < of) {
      this.#toldAt = this.elapsed;
      this.#terminal.stderr.write(`${words}\n`);
    }
  }

  /** Takes the drawn line away, so that something else can be printed. */
  clear(): void {
    if (this.#drawn && this.#drawnText !== '') this.#terminal.stderr.write('\r\u001B[K');
    this.#drawnText = '';
  }

  get #drawn(): boolean {
    return this.#terminal.stderr.columns !== undefined && !this.#terminal.accessible;
  }
}
