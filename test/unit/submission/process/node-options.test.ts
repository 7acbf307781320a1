import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { nodeOptions } from '../../../../src/submission/process/node-options.ts';

test('this Node.js takes the options, and says nothing of them', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions(), '-e', 'let sum = 0; for (let n = 0; n < 1e7; n++) sum += n; console.log(sum)'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '49999995000000\n', stderr: '' });
});

test('a version that nobody has looked at gets no flags of V8', () => {
  expect(nodeOptions('40.0.0')).toEqual(nodeOptions('21.1.0'));
  expect(nodeOptions('40.0.0').join(' ')).not.toMatch(/liftoff|budget/);
});
