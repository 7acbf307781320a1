import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { compareTraces, comparisonLines } from '../../../../src/cli/trace/compare.ts';
import { findRepeats, roundTrips } from '../../../../src/cli/trace/repeats.ts';
import { timeline } from '../../../../src/cli/trace/timeline.ts';
import { createTerminal } from '../../../../src/cli/terminal/terminal.ts';
import type { TraceEntry } from '../../../../src/verdict/types.ts';

const entry = (command: string, shape: string, check = 'lists'): TraceEntry => ({ at: 1, check, connection: 1, kind: 'command', text: `db.posts.${command}(${shape})`, command, shape, ok: true, durationMs: 0.2 });
const loop = [entry('find', 'posts'), ...Array.from({ length: 40 }, () => entry('find', 'authors _id'))];
const terminal = { ...createTerminal({ env: {}, accessible: false }), color: new Chalk({ level: 0 }), width: 80 };
const checks = [{ id: 'lists', title: 'lists posts with their authors' }];

describe('a trace', () => {
  it('shows a loop of queries for what it is', () => {
    expect(findRepeats(loop)).toEqual([{ check: 'lists', shape: 'authors _id', from: 1, to: 40, count: 40, kind: 'reads' }]);
    const text = timeline(terminal, loop, checks, false).join('\n');
    expect(text).toContain('… 38 more, 40 in a row have the same shape.');
    expect(text).toContain('N+1');
    expect(text).toContain('41 round trips on 1 connection');
    expect(timeline(terminal, loop, checks, true).filter((line) => line.includes('authors _id'))).toHaveLength(40);
  });

  it('takes two of a kind, other checks and drivers\' own talk for no loop', () => {
    expect(findRepeats([entry('find', 'a'), entry('find', 'a'), entry('find', 'a', 'other'), entry('getMore', 'b'), entry('getMore', 'b'), entry('getMore', 'b')])).toEqual([]);
    expect(findRepeats([entry('find', 'a'), entry('hello', 'h'), entry('find', 'a'), entry('ping', 'p'), entry('find', 'a')])).toMatchObject([{ count: 3 }]);
    expect(roundTrips([entry('find', 'a'), entry('hello', 'h'), entry('endSessions', 'e')])).toBe(1);
  });

  it('says of what was never answered just that', () => {
    const unanswered = entry('endSessions', 'e');
    delete unanswered.durationMs;
    expect(timeline(terminal, [unanswered], checks, false).join('\n')).toMatch(/→ no answer$/m);
  });

  it('stands beside the solution\'s', () => {
    const ours = [entry('find', 'posts'), entry('find', 'authors _id[]')];
    const lines = comparisonLines(terminal, compareTraces(loop, ours, checks), loop, ours);
    expect(lines[0]).toBe('The solution did this in 2 round trips, yours in 41.');
    expect(lines.join('\n')).toMatch(/lists posts with their authors +41 +2/);
    expect(lines.join('\n')).toContain('… 33 more');
  });
});
