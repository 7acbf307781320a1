/** `mongo-course/engine/vitest`: each test with a MongoDB of its own. */
import { test as plain } from 'vitest';
import { startEngine, type LoggingEngine, type StartEngineOptions } from './index.ts';

export interface MongoFixtures {
  /** A server that is empty when the test begins and gone when it has ended; `log` knows what was sent to it. */
  mongo: LoggingEngine;
  /** How it is started: `test.extend({ mongoOptions: { replset: true } })`. */
  mongoOptions: StartEngineOptions;
}

/**
 * Vitest's `test`, with a MongoDB for each test that asks for one.
 *
 * @example
 * import { expect } from 'vitest';
 * import { test } from 'mongo-course/engine/vitest';
 *
 * test('the page of a shop asks once', async ({ mongo }) => {
 *   await shopPage(mongo.uri);
 *   expect(mongo.log.queries().map(({ text }) => text)).toEqual(['db.orders.find({ paid: false }).limit(5)']);
 * });
 */
export const test = plain.extend<MongoFixtures>({
  mongoOptions: {},
  mongo: async ({ mongoOptions }, use) => {
    const server = await startEngine({ ...mongoOptions, log: true });
    try {
      await use(server);
    } finally {
      await server.stop();
    }
  },
});
