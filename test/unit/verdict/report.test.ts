import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { buildReport } from '../../../src/verdict/report.ts';
import { reportJsonSchema, reportSchema } from '../../../src/verdict/schema.ts';
import type { Report } from '../../../src/verdict/types.ts';
import { check, end, exercise, meta, submission } from '../report/verdicts.ts';

const wrong = (cause: string) => exercise('00-hello', [check({ id: 'stores', status: 'failed', cause })]);

describe('a report', () => {
  test('lists what could not be read first', () => {
    const report = buildReport(meta, [submission('a', [wrong('x')]), submission('b', [], { status: 'unreadable', score: 0, maxScore: 0, error: 'no' })], end);
    expect(report.submissions.map((one) => one.name)).toEqual(['b', 'a']);
    expect(report.totals).toEqual({ submissions: 2, passed: 0, failed: 1, errored: 0, unreadable: 1, score: 0, maxScore: 2 });
  });

  test('groups what a class gets wrong, most frequent first', () => {
    const report = buildReport(meta, [submission('a', [wrong('rare')]), submission('b', [wrong('often')]), submission('c', [wrong('often')])], end);
    expect(report.causes).toEqual([
      { check: '00-hello/stores', cause: 'often', submissions: ['b', 'c'] },
      { check: '00-hello/stores', cause: 'rare', submissions: ['a'] },
    ]);
  });

  test('does not count what we could not judge, or what was skipped, as a cause', () => {
    const checks = [check({ id: 'a', status: 'errored' }), check({ id: 'b', status: 'skipped' })];
    expect(buildReport(meta, [submission('a', [exercise('00-hello', checks)])], end).causes).toEqual([]);
  });

  test('keeps to its schema', () => {
    const report = buildReport(meta, [submission('a', [wrong('x')], { submittedAt: '2026-11-24', lateBy: '2 hours' })], end);
    expect(reportSchema.parse(report)).toEqual(report);
  });
});

describe('the schema of the report', () => {
  test('says what the types say', () => {
    expectTypeOf<z.infer<typeof reportSchema>>().toEqualTypeOf<Report>();
  });

  test('refuses a field that it does not know, and points that are no integers', () => {
    const report = buildReport(meta, [submission('a', [wrong('x')])], end);
    expect(reportSchema.safeParse({ ...report, more: 1 }).success).toBe(false);
    expect(reportSchema.safeParse({ ...report, totals: { ...report.totals, score: 0.5 } }).success).toBe(false);
  });

  test('is published as JSON Schema', () => {
    expect(reportJsonSchema()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', required: expect.arrayContaining(['schemaVersion', 'submissions']) });
  });
});
