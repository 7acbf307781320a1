import { describe, expect, test } from 'vitest';
import type { Case } from '../../../src/author/cases.ts';
import { judge } from '../../../src/author/judge.ts';
import type { Exercise } from '../../../src/course/types.ts';
import { check, exercise } from '../report/verdicts.ts';

const data: Exercise = {
  id: '00-hello', title: 'Say hello', minutes: 10, kind: 'core', editable: ['hello.ts'], given: [], entry: 'hello.ts', entryKind: 'module',
  timeoutSeconds: 60, lesson: '00-welcome', packages: [], hints: ['x'], points: { stores: 2, reads: 2 }, bonus: [],
};
const a = (kind: Case['kind'], fails: string[] = []): Case => ({ kind, exercise: data, name: 'x', fails });
const compiles = check({ id: 'compiles', maxPoints: 0 });
const verdict = (...checks: Parameters<typeof check>[0][]) => exercise('00-hello', [compiles, ...checks.map(check)]);

describe('a mistake', () => {
  test('that fails what it names is as expected, whatever is skipped behind it', () => {
    expect(judge(a('mistake', ['stores']), verdict({ id: 'stores', status: 'failed' }, { id: 'reads', status: 'skipped' }))).toEqual([]);
  });

  test('that fails something else is told with both sets', () => {
    expect(judge(a('mistake', ['stores']), verdict({ id: 'stores' }, { id: 'reads', status: 'failed', message: 'It read nothing.' }))).toEqual([
      'should fail [stores], fails [reads] (stores passed; reads failed too: It read nothing.)',
    ]);
  });

  test('a timeout is a failure', () => {
    expect(judge(a('mistake', ['stores']), verdict({ id: 'stores', status: 'timeout' }, { id: 'reads' }))).toEqual([]);
  });

  test('on which a checker itself failed proves nothing', () => {
    expect(judge(a('mistake', ['stores']), verdict({ id: 'stores', status: 'errored', message: 'boom' }, { id: 'reads' }))).toEqual(['the check stores itself failed: boom']);
  });
});

describe('a solution or a variant', () => {
  test('passes with every point', () => {
    expect(judge(a('solution'), verdict({ id: 'stores' }, { id: 'reads', bonus: true }))).toEqual([]);
  });

  test('that misses a bonus check is a problem too', () => {
    expect(judge(a('variant'), verdict({ id: 'stores' }, { id: 'reads', bonus: true, status: 'failed', message: 'No.', expected: '1', actual: '2' }))).toEqual([
      'should pass everything, but reads failed: No. (expected 1, actual 2)',
    ]);
  });
});

describe('a starter', () => {
  test('compiles and scores nothing', () => {
    expect(judge(a('starter'), verdict({ id: 'stores', status: 'failed' }, { id: 'reads', status: 'skipped' }))).toEqual([]);
  });

  test('that gets points, or does not compile, is a problem', () => {
    expect(judge(a('starter'), verdict({ id: 'stores', status: 'failed' }, { id: 'reads' }))).toEqual(['should score 0, but reads gave points (let such a check need one that the starter fails)']);
    expect(judge(a('starter'), exercise('00-hello', [check({ id: 'compiles', maxPoints: 0, status: 'failed', message: 'hello.ts:1:1 what?' })]))).toEqual(['does not compile: hello.ts:1:1 what?']);
  });
});
