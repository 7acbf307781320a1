import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sandbox } from '../../../../src/submission/sandboxes/none.ts';
import type { Sandbox } from '../../../../src/submission/sandbox.ts';
import { SubmissionProcess } from '../../../../src/submission/process/program.ts';

async function start(files: Record<string, string>, shutIn: Sandbox = sandbox): Promise<SubmissionProcess> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-test-')));
  for (const [name, code] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) await writeFile(join(folder, name), code);
  const program = new SubmissionProcess({
    folder, cwd: folder, entry: 'slow.ts', probe: undefined, tapPort: 1, env: {}, run: 'test', sandbox: shutIn, reach: { scratch: folder, readable: [], hidden: [] }, network: { ports: [], adopt: () => () => undefined, bridge: undefined },
    revivers: { objectId: String, long: String, decimal: String },
  });
  onTestFinished(async () => {
    await program.end();
    await rm(folder, { recursive: true, force: true });
  });
  return program;
}

test('an answer that comes after its time accuses nobody, and the next call is answered', async () => {
  const program = await start({ 'slow.js': 'export const slow = () => new Promise((done) => setTimeout(() => done(1), 600));\nexport const quick = () => 2;\n' });
  expect(await program.load('slow', 20_000)).toMatchObject({ kind: 'returned' });
  expect(await program.call('slow', [], 50)).toMatchObject({ kind: 'hung' });
  await new Promise((done) => setTimeout(done, 900));
  expect(await program.call('quick', [], 20_000)).toMatchObject({ kind: 'returned', value: 2 });
  expect(program.exit).toBeUndefined();
});

test('a process that ends before it could load anything is told apart from one that the submission ends', async () => {
  const broken: Sandbox = { ...sandbox, wrap: (command) => ({ ...command, args: ['-e', 'process.exit(3)'] }) };
  expect(await (await start({}, broken)).load('any', 20_000)).toMatchObject({ kind: 'ended', exit: { code: 3, reason: 'start' } });
  const outcome = await (await start({ 'exits.js': 'process.exit(4);' })).load('exits', 20_000);
  expect(outcome).toMatchObject({ kind: 'ended', exit: { code: 4 } });
  expect(outcome).not.toHaveProperty('exit.reason');
});
