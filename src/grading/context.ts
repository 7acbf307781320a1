import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstDifference, missing, showForPeople } from '../checker/difference.ts';
import { CheckFailure } from '../checker/failure.ts';
import { createRandom } from '../checker/random.ts';
import type { CheckContext, Failure } from '../checker/types.ts';
import type { Prepared } from './prepared.ts';
import type { Scene } from './scene.ts';
import { querySqlFile } from './sql-file.ts';

/** All that a check is given. */
export function createContext(scene: Scene, prepared: Prepared, seed: number, checkId: string): CheckContext {
  const fail = (failure: string | Failure): never => {
    throw new CheckFailure(typeof failure === 'string' ? { message: failure } : failure);
  };
  return {
    random: createRandom(seed, checkId),
    db: scene.database, tap: scene.tap, env: scene.env,
    call: async (name, ...args) => (await scene.program()).call(name, ...args),
    program: () => scene.program(),
    start: (options) => scene.start(options),
    serve: (file, options) => scene.serve(file, options),
    sql: (query) => querySqlFile(scene.env.SQL_FILE, query),
    fail,
    ok(condition, failure) {
      if (!condition) fail(failure);
    },
    equal(actual, expected, failure) {
      const difference = firstDifference(actual, expected);
      if (!difference) return;
      const told: Failure = typeof failure === 'string' ? { message: failure } : failure;
      const at = difference.path === '' ? '' : `${difference.path} is `;
      fail({
        ...told,
        expected: `${at}${showForPeople(difference.expected)}`, actual: `${at}${difference.actual === missing ? 'missing' : showForPeople(difference.actual)}`,
      });
    },
    async eventually<T>(withinMs: number, attempt: () => Promise<T> | T) {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const value: T = await attempt();
        if (value !== undefined && value !== false) return value as Exclude<T, false | undefined>;
        if (Date.now() >= deadline) return undefined;
        await sleep(25);
      }
    },
    sleep,
    async together(...tasks) {
      const results = await Promise.allSettled(tasks.map((task) => task()));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
    sources: () => {
      const given = new Set(prepared.exercise.given);
      const own = prepared.sources.files.filter((file) => !given.has(file) && /\.([mc]?[jt]s|json|md)$/.test(file));
      return Promise.all(own.map(async (path) => ({ path, text: await readFile(join(prepared.sources.folder, path), 'utf8') })));
    },
  };
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
