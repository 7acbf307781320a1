import { availableParallelism } from 'node:os';

const atOnce = availableParallelism() + 1;
/** A program that loads for longer waits for something, and leaves the processor to others. */
const mostLoadingMs = 400;

/**
 * Lets scenes begin a few at a time, in their order: of seven that start their programs together all are ready last, and
 * the one with the longest wait ahead begins it late.
 */
export class Starts {
  readonly #scenes: { name: string; underWay: Promise<void>; tell: () => void }[];

  constructor(names: readonly string[]) {
    this.#scenes = names.map((name) => {
      let tell!: () => void;
      const underWay = new Promise<void>((resolve) => {
        tell = resolve;
      });
      return { name, underWay, tell };
    });
  }

  /** Resolves when enough of the scenes before this one are under way. */
  async turnOf(name: string): Promise<void> {
    const place = this.#scenes.findIndex((scene) => scene.name === name);
    await Promise.all(this.#scenes.slice(0, Math.max(0, place + 1 - atOnce)).map((scene) => scene.underWay));
    // From its turn on, not from its start: it may wait for a check of one that comes after it.
    setTimeout(() => this.underWay(name), mostLoadingMs).unref();
  }

  /** The scene's program has loaded, or there is nothing to load any more. */
  underWay(name: string): void {
    this.#scenes.find((scene) => scene.name === name)?.tell();
  }
}
