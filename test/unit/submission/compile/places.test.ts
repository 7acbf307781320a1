import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileSubmission } from '../../../../src/submission/compile/compile.ts';
import { createPlaces } from '../../../../src/submission/compile/places.ts';

describe('places in a learner\'s files', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mongo-course-test-'));
    await mkdir(join(folder, 'submission/src'), { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** The stack of what the probe's `call` throws, in the learner's places. */
  async function stackOf(probe: string, files: Record<string, string>): Promise<string> {
    const root = join(folder, 'submission');
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
    await writeFile(join(folder, probe), 'import { fail } from \'./submission/main.ts\';\nexport const call = () => fail();\n');
    const { outputs, errors } = await compileSubmission({ root, entries: ['main.ts'], courseRoot: process.cwd(), probe: join(folder, probe) });
    expect(errors).toEqual([]);
    const run = join(folder, 'run-1');
    await mkdir(run);
    for (const [name, content] of outputs) await writeFile(join(run, name), content);
    const { call } = await import(join(run, '__mongo_course_probe__.js')) as { call(): void };
    const places = createPlaces(join(folder, 'run-'), outputs);
    try {
      call();
    } catch (error) {
      return places.stack((error as Error).stack ?? '');
    }
    throw new Error('nothing was thrown');
  }

  test.each(['probe.ts', 'probe.js'])('leave out %s, which the course brings', async (probe) => {
    expect(await stackOf(probe, { 'main.ts': 'export function fail(): never {\n  throw new Error("no");\n}\n' })).toBe('Error: no\n    at fail (main.ts:2:9)');
  });

  test('keep a learner\'s own probe.ts, and the name of the folder it is in', async () => {
    expect(await stackOf('probe.js', {
      'main.ts': 'import { look } from "./src/probe.ts";\nexport function fail(): void {\n  look();\n}\n',
      'src/probe.ts': 'export function look(): never {\n  throw new Error("no");\n}\n',
    })).toBe('Error: no\n    at look (src/probe.ts:2:9)\n    at fail (main.ts:3:3)');
  });
});
