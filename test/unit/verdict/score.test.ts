import { describe, expect, test } from 'vitest';
import { pointsFor, scoreExercise, scoreSubmission, unreadableVerdict } from '../../../src/verdict/score.ts';
import { check, exercise } from '../report/verdicts.ts';

describe('an exercise', () => {
  test('passes when all its checks do', () => {
    expect(scoreExercise([check({ id: 'a' }), check({ id: 'b', maxPoints: 3 })])).toEqual({ status: 'passed', score: 5, maxScore: 5 });
  });

  test('gets bonus points on top, and does not need them', () => {
    expect(scoreExercise([check({ id: 'a' }), check({ id: 'b', bonus: true })])).toEqual({ status: 'passed', score: 4, maxScore: 2 });
    expect(scoreExercise([check({ id: 'a' }), check({ id: 'b', bonus: true, status: 'failed' })])).toEqual({ status: 'passed', score: 2, maxScore: 2 });
  });

  test('with a check that errored is errored, and its maximum stays', () => {
    expect(scoreExercise([check({ id: 'a', status: 'failed' }), check({ id: 'b', status: 'errored' })])).toEqual({ status: 'errored', score: 0, maxScore: 4 });
  });

  test('skipped checks score nothing', () => {
    expect(scoreExercise([check({ id: 'a', status: 'failed' }), check({ id: 'b', status: 'skipped' })])).toEqual({ status: 'failed', score: 0, maxScore: 4 });
  });

  test('is a timeout where nothing but time failed', () => {
    expect(scoreExercise([check({ id: 'a' }), check({ id: 'b', status: 'timeout' })]).status).toBe('timeout');
    expect(scoreExercise([check({ id: 'a', status: 'failed' }), check({ id: 'b', status: 'timeout' })]).status).toBe('failed');
  });
});

describe('a submission', () => {
  const good = exercise('00-hello', [check({ id: 'a' })]);
  const bad = exercise('01-connect', [check({ id: 'a', status: 'failed' })]);
  const absent = exercise('02-crud', [], { status: 'missing', score: 0, maxScore: 9 });

  test('adds its exercises up', () => {
    expect(scoreSubmission([good, bad])).toEqual({ status: 'failed', score: 2, maxScore: 4 });
  });

  test('counts a missing exercise as nothing out of its maximum', () => {
    expect(scoreSubmission([good, absent])).toEqual({ status: 'failed', score: 2, maxScore: 11 });
    expect(scoreSubmission([absent]).status).toBe('missing');
  });

  test('extensions are a bonus beside the core, and count alone', () => {
    expect(scoreSubmission([good, bad], new Set(['01-connect']))).toEqual({ status: 'passed', score: 2, maxScore: 2 });
    expect(scoreSubmission([bad], new Set(['01-connect']))).toEqual({ status: 'failed', score: 0, maxScore: 2 });
  });

  test('that is unreadable scores 0 and says why', () => {
    expect(unreadableVerdict({ name: 'a', path: '/a', digest: '', maxScore: 10 }, 'Two workbooks.')).toMatchObject({ score: 0, maxScore: 10, status: 'unreadable', error: 'Two workbooks.' });
  });
});

test('points are all, nothing, or unknown', () => {
  expect([pointsFor('passed', 3), pointsFor('failed', 3), pointsFor('timeout', 3), pointsFor('skipped', 3), pointsFor('errored', 3)]).toEqual([3, 0, 0, 0, null]);
});
