import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Starts } from '../../../src/grading/starts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const few = availableParallelism() + 1;
const names = Array.from({ length: few + 3 }, (_, index) => `scene ${index}`);

/** The scenes whose turn has come, in that order. */
function watchTurns(starts: Starts): string[] {
  const come: string[] = [];
  for (const name of [...names].reverse()) void starts.turnOf(name).then(() => come.push(name));
  return come;
}

test('a few scenes begin, the first in the order, whoever asks first; each that is under way lets one more begin', async () => {
  const starts = new Starts(names);
  const come = watchTurns(starts);
  await vi.advanceTimersByTimeAsync(0);
  expect([...come].sort()).toEqual(names.slice(0, few));
  starts.underWay('scene 0');
  await vi.advanceTimersByTimeAsync(0);
  expect(come.slice(few)).toEqual([names[few]]);
  starts.underWay('scene 2');
  await vi.advanceTimersByTimeAsync(0);
  expect(come).toHaveLength(few + 1);
});

test('one that loads for ever, or waits for a check of a later one, holds the others up for a moment only', async () => {
  const come = watchTurns(new Starts(names));
  await vi.advanceTimersByTimeAsync(5000);
  expect([...come].sort()).toEqual([...names].sort());
});
