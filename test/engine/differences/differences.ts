import type { Db } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngines } from '../on-engines.ts';

/** What an engine says to a question: an answer that has these fields, or an error with this code. */
type Said = { answer: object } | { code: number };

/** One question to which the embedded engine says something else than MongoDB does. */
export interface Difference {
  what: string;
  /** Done before, the same on both. */
  given?: (db: Db) => Promise<unknown>;
  ask: (db: Db) => Promise<object>;
  embedded: Said;
  mongodb: Said;
}

/**
 * Holds differences that are known on both engines, so that each is as it is described, and one that went away is
 * noticed. All others are faults.
 * @param why what keeps the embedded engine from saying the same
 */
export function differences(title: string, why: string, all: readonly Difference[]): void {
  onEngines(`${title} (${why})`, (engine) => {
    test.each(all)('$what', async ({ given, ask, embedded, mongodb }) => {
      const db = engine.freshDb();
      await given?.(db);
      const said = await ask(db).then((answer) => ({ answer }), (error: { code?: number }) => ({ code: error.code }));
      expect(said).toMatchObject(engine.isEmbedded ? embedded : mongodb);
    });
  });
}

/** Any answer. */
export const answers: Said = { answer: {} };
