import { expect, test } from 'vitest';
import { createReporter } from '../../../src/report/index.ts';
import { buildReport, createTally } from '../../../src/verdict/report.ts';
import { reportSchema } from '../../../src/verdict/schema.ts';
import type { SubmissionVerdict } from '../../../src/verdict/types.ts';
import { check, end, exercise, meta, submission } from './verdicts.ts';

async function json(verdicts: SubmissionVerdict[]): Promise<unknown> {
  let text = '';
  const reporter = await createReporter('json', { write: (part) => void (text += part) });
  const tally = createTally();
  reporter.begin(meta);
  for (const verdict of verdicts) {
    tally.add(verdict);
    reporter.submission(verdict);
  }
  reporter.end({ ...end, totals: tally.totals(), causes: tally.causes() });
  return JSON.parse(text);
}

test.each([0, 1, 3])('writes a report of %i submissions that keeps to its schema and says what buildReport says', async (count) => {
  const verdicts = Array.from({ length: count }, (_, index) => submission(`student ${index}`, [exercise('00-hello', [check({ id: 'stores', status: index === 0 ? 'failed' : 'passed' })])]));
  const report = await json(verdicts);
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report).toEqual(buildReport(meta, verdicts, end));
});
