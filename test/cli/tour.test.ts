import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './place.ts';

/** The pager that the pictures show, and the folder that they are taken in. */
const canTour = process.platform === 'linux' && spawnSync('less', ['--version']).status === 0;

test.skipIf(!canTour)('docs/tour.md shows what a newcomer sees', { timeout: 180_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/tour.js', '--check'], { cwd: root, encoding: 'utf8' });
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: 'docs/tour.md is as it is.\n' });
});
