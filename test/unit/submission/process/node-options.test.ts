import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { defaults, littleOptimising } from '../../../../src/submission/child/v8-flags.ts';
import { nodeOptions } from '../../../../src/submission/process/node-options.ts';

const run = (script: string): unknown => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, '-e', script], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const setAll = [...defaults, ...littleOptimising()].map((flag) => `v8.setFlagsFromString('${flag}');`).join(' ');

test('this Node.js takes the options and the flags, and says nothing of them', () => {
  expect(run(`${setAll} let sum = 0; for (let n = 0; n < 1e7; n++) sum += n; console.log(sum)`)).toEqual({ status: 0, stdout: '49999995000000\n', stderr: '' });
});

test('the heap keeps its limit when the flag is taken back', () => {
  expect(run(`${setAll} console.log(v8.getHeapStatistics().heap_size_limit < 1000 * 1024 * 1024)`)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('with flags as by default V8 takes the compiled code of Node.js itself', () => {
  const code = spawnSync(process.execPath, ['-e', "process.stdout.write(new (require('vm').Script)('1 + 1').createCachedData().toString('base64'))"], { encoding: 'utf8' }).stdout;
  const rejects = (before: string): unknown => run(`${before} console.log(new (require('vm').Script)('1 + 1', { cachedData: Buffer.from('${code}', 'base64') }).cachedDataRejected)`);
  expect(rejects(defaults.map((flag) => `v8.setFlagsFromString('${flag}');`).join(' '))).toEqual({ status: 0, stdout: 'false\n', stderr: '' });
  // From Node.js 24 on the sizes of the heap make no difference to that.
  if (Number.parseInt(process.versions.node, 10) < 24) expect(rejects('')).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
});

test('a version that nobody has looked at gets no flags of its own', () => {
  expect(littleOptimising('40.0.0')).toEqual([]);
});
