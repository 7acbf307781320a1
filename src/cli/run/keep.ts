import { createHash } from 'node:crypto';
import type { KeptEngine } from '../../engine/kept.ts';

/** How much of a server's data a crash of this machine may cost. */
const everyMs = 2000;

/** Writes an engine's data down now and then, where it has changed, and once more at the end. */
export class Keeper {
  readonly #engine: KeptEngine;
  readonly #save: (snapshot: Buffer) => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #last = '';
  #busy: Promise<void> = Promise.resolve();

  /** @param before what it began with, which needs not be written again */
  constructor(engine: KeptEngine, before: Buffer | undefined, save: (snapshot: Buffer) => Promise<void>, onError: (error: unknown) => void) {
    this.#engine = engine;
    this.#save = save;
    this.#last = digest(before ?? Buffer.alloc(0));
    this.#timer = setInterval(() => void this.keep().catch(onError), everyMs);
  }

  /** Writes it down now, after whatever is being written. */
  keep(): Promise<void> {
    const next = this.#busy.then(() => this.#write());
    this.#busy = next.catch(() => undefined);
    return next;
  }

  async #write(): Promise<void> {
    const snapshot = await this.#engine.snapshot();
    const now = digest(snapshot);
    if (now === this.#last) return;
    await this.#save(snapshot);
    this.#last = now;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.keep();
  }
}

const digest = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('base64');
