import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sandbox } from '../../../../src/submission/sandboxes/none.ts';
import { SubmissionProcess } from '../../../../src/submission/process/program.ts';

test('an answer that comes after its time accuses nobody, and the next call is answered', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-test-')));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'slow.js'), 'export const slow = () => new Promise((done) => setTimeout(() => done(1), 600));\nexport const quick = () => 2;\n');
  const program = new SubmissionProcess({
    folder, cwd: folder, entry: 'slow.ts', probe: undefined, tapPort: 1, env: {}, run: 'test', sandbox, reach: { scratch: folder, readable: [], hidden: [] }, network: { ports: [], adopt: () => () => undefined, bridge: undefined },
    revivers: { objectId: String, long: String, decimal: String },
  });
  onTestFinished(async () => {
    await program.end();
    await rm(folder, { recursive: true, force: true });
  });
  expect(await program.load('slow', 20_000)).toMatchObject({ kind: 'returned' });
  expect(await program.call('slow', [], 50)).toMatchObject({ kind: 'hung' });
  await new Promise((done) => setTimeout(done, 900));
  expect(await program.call('quick', [], 20_000)).toMatchObject({ kind: 'returned', value: 2 });
  expect(program.exit).toBeUndefined();
});
