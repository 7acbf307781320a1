import { MongoError } from '../../errors.ts';

/** A pattern that cannot be compiled, in PCRE's words. */
export function invalid(what: string): MongoError {
  return new MongoError(51091, `Regular expression is invalid: ${what}`);
}

/** A pattern while it is read, code point by code point. */
export class Source {
  readonly #points: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#points = [...pattern];
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#points.length;
  }

  /** The code point that comes next, or one further on; empty at the end. */
  peek(ahead = 0): string {
    return this.#points[this.#at + ahead] ?? '';
  }

  next(): string {
    return this.#points[this.#at++] ?? '';
  }

  back(to: number): void {
    this.#at = to;
  }

  looksAt(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.peek(index) !== text[index]) return false;
    return true;
  }

  /** Reads the text if it comes next. */
  take(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** Reads as long as code points match, `most` of them at most. */
  takeWhile(matching: RegExp, most = Infinity): string {
    let text = '';
    for (let count = 0; count < most && !this.done && matching.test(this.peek()); count++) text += this.next();
    return text;
  }

  /** Reads up to a text, and the text; undefined where it does not come. */
  takeUntil(end: string): string | undefined {
    const from = this.#at;
    let text = '';
    while (!this.done) {
      if (this.take(end)) return text;
      text += this.next();
    }
    this.#at = from;
    return undefined;
  }
}
