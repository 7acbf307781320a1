import type { Readable } from 'node:stream';

const mostKept = 64 * 1024;
const mostTotal = 16 * 1024 * 1024;

/** What a process prints, in the order it came, capped. */
export class Output {
  #kept: string[] = [];
  #size = 0;
  #total = 0;
  readonly #flooded: () => void;

  /** @param flooded called once where more is printed than anybody prints by mistake */
  constructor(flooded: () => void) {
    this.#flooded = flooded;
  }

  follow(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const before = this.#total;
      this.#total += text.length;
      if (this.#size < mostKept) {
        this.#kept.push(text.slice(0, mostKept - this.#size));
        this.#size += text.length;
      }
      if (before <= mostTotal && this.#total > mostTotal) this.#flooded();
    });
    // A pipe that breaks while its process is killed.
    stream.on('error', () => stream.destroy());
  }

  get text(): string {
    return this.#kept.join('') + (this.#total > mostKept ? `\n… ${this.#total - mostKept} more characters` : '');
  }
}
