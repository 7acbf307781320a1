import { describe, expect, it } from 'vitest';
import { compareReports, mergeReports } from '../../../src/verdict/compare.ts';
import { applyOverrides, readOverrides, type Override } from '../../../src/verdict/overrides.ts';
import { readReport, salvageReport } from '../../../src/verdict/read.ts';
import { buildReport } from '../../../src/verdict/report.ts';
import type { Report, SubmissionVerdict } from '../../../src/verdict/types.ts';
import { createReporter } from '../../../src/report/index.ts';
import { check, end, exercise, meta, submission } from '../report/verdicts.ts';

const right = (name: string): SubmissionVerdict => submission(name, [exercise('00-hello', [check({ id: 'stores' }), check({ id: 'reads' })])]);
const wrong = (name: string): SubmissionVerdict => submission(name, [exercise('00-hello', [check({ id: 'stores' }), check({ id: 'reads', status: 'failed', cause: 'reads nothing' })])]);
const report = (verdicts: SubmissionVerdict[], changes: Partial<Report> = {}): Report => ({ ...buildReport(meta, verdicts, end), ...changes });

async function written(verdicts: readonly SubmissionVerdict[]): Promise<string> {
  let text = '';
  const reporter = await createReporter('json', { write: (more) => void (text += more) });
  reporter.begin(meta);
  for (const verdict of verdicts) reporter.submission(verdict);
  const { gradedAt, durationMs, totals, causes } = report([...verdicts]);
  reporter.end({ gradedAt, durationMs, totals, causes });
  return text;
}

describe('a report that was cut off', () => {
  it('gives back every submission that was whole, wherever it was cut', async () => {
    const text = await written([right('a'), wrong('b "quoted"\n'), right('c')]);
    const whole = salvageReport(text);
    expect(whole?.submissions.map((one) => one.name)).toEqual(['a', 'b "quoted"\n', 'c']);
    let most = 0;
    for (let length = text.indexOf('"submissions"') + 14; length < text.length; length += 7) {
      const found = salvageReport(text.slice(0, length))?.submissions ?? [];
      expect(found).toEqual(whole?.submissions.slice(0, found.length));
      expect(found.length).toBeGreaterThanOrEqual(most);
      most = found.length;
    }
    expect(most).toBe(3);
  });
  it('is nothing where it is something else', () => {
    expect(salvageReport('')).toBeUndefined();
    expect(salvageReport('{"submissions": []}')).toBeUndefined();
  });
  it('is refused where a whole one is needed', async () => {
    const text = await written([right('a')]);
    expect(readReport('r.json', text).submissions).toHaveLength(1);
    expect(() => readReport('r.json', text.slice(0, -5))).toThrow(/r\.json is no complete JSON report/);
    expect(() => readReport('r.json', '{"schemaVersion": 2}')).toThrow(/no report of this program/);
  });
});

describe('comparing reports', () => {
  it('puts a lower score for the same code first', () => {
    const before = report([right('ana'), right('bob'), wrong('cy'), right('dee')]);
    const after = report([right('ana'), wrong('bob'), { ...right('cy'), digest: 'e'.repeat(64) }, { ...wrong('dee'), digest: 'e'.repeat(64) }]);
    expect(compareReports(before, after).map(({ name, sameCode, checks }) => [name, sameCode, checks.map((one) => one.check)])).toEqual([['bob', true, ['00-hello/reads']], ['dee', false, ['00-hello/reads']], ['cy', false, ['00-hello/reads']]]);
  });
  it('finds nothing in equal ones', () => {
    expect(compareReports(report([right('a'), wrong('b')]), report([wrong('b'), right('a')]))).toEqual([]);
  });
});

describe('merging reports', () => {
  it('gives the report that one run would have given', () => {
    const whole = report([right('a'), right('b'), wrong('c')]);
    expect(mergeReports([{ name: '2', report: report([wrong('c'), right('a')]) }, { name: '1', report: report([right('b')]) }])).toEqual(whole);
  });
  it('refuses parts of different runs, and a submission that is in two', () => {
    expect(() => mergeReports([{ name: '1', report: report([right('a')]) }, { name: '2', report: report([right('b')], { seed: 1 }) }])).toThrow(/not of one run: their seed differs/);
    expect(() => mergeReports([{ name: '1', report: report([right('a')]) }, { name: '2', report: report([right('a')]) }])).toThrow(/"a" is in 1 and in 2/);
  });
});

describe('decisions by hand', () => {
  const apply = (verdict: SubmissionVerdict, text: string): { verdict: SubmissionVerdict; used: Override[] } => {
    const used: Override[] = [];
    return { verdict: applyOverrides(verdict, readOverrides('o.yaml', text), new Set(), (one) => void used.push(one)), used };
  };
  const entry = (more: string): string => `- { submission: ana, exercise: 00-hello, check: reads, ${more} }`;

  it('give points on a failed check, with the reason, and the scores follow', () => {
    const { verdict, used } = apply(wrong('ana'), entry('points: 2, reason: shown in class'));
    expect(verdict).toMatchObject({ score: 4, status: 'passed' });
    expect(verdict.exercises[0]?.checks[1]).toMatchObject({ points: 2, status: 'passed', message: '2 of 2 points by hand: shown in class' });
    expect(used).toHaveLength(1);
  });
  it('decide what errored', () => {
    const errored = submission('ana', [exercise('00-hello', [check({ id: 'reads', status: 'errored' })])]);
    expect(apply(errored, entry('points: 1, reason: looked at it')).verdict).toMatchObject({ score: 1, status: 'failed' });
  });
  it('may be a comment alone, and say it once however often they are applied', () => {
    const once = apply(wrong('ana'), entry('comment: nice names, reason: style')).verdict;
    expect(once.score).toBe(2);
    expect(apply(once, entry('comment: nice names, reason: style')).verdict).toEqual(once);
  });
  it('leave everybody else alone', () => {
    expect(apply(wrong('bob'), entry('points: 2, reason: x'))).toEqual({ verdict: wrong('bob'), used: [] });
  });
  it.each([
    ['points: 3, reason: x', /3 points for reads, which has 2/], ['points: 1', /entry 1, reason/], ['reason: x', /needs points, a comment/], ['points: -1, reason: x', /entry 1, points/],
  ])('are refused where they say %s', (more, message) => {
    expect(() => apply(wrong('ana'), entry(more))).toThrow(message);
  });
  it('are refused where they name no check, or are no YAML', () => {
    expect(() => apply(wrong('ana'), entry('points: 1, reason: x').replace('reads', 'writes'))).toThrow(/name the check "writes"/);
    expect(() => apply(wrong('ana'), '- [')).toThrow(/not valid YAML/);
  });
});
