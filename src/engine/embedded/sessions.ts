/** Minutes that a session lives without use, which `hello` announces. */
export const sessionMinutes = 30;

/** The logical sessions in use: https://www.mongodb.com/docs/manual/reference/server-sessions/ */
export class Sessions {
  readonly #lastUse = new Map<string, number>();

  /** Notes that a command came in this session; it begins with its first. */
  touch(session: string): void {
    this.#lastUse.set(session, performance.now());
  }

  has(session: string): boolean {
    const last = this.#lastUse.get(session);
    return last !== undefined && performance.now() - last < sessionMinutes * 60_000;
  }

  end(session: string): void {
    this.#lastUse.delete(session);
  }

  get size(): number {
    return this.#lastUse.size;
  }

  /** All that are known. */
  all(): string[] {
    return [...this.#lastUse.keys()];
  }
}
