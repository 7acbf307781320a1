import { createReporter } from '../../src/report/index.ts';
import { createTally, type ReportMeta } from '../../src/verdict/report.ts';
import type { Evidence, SubmissionVerdict } from '../../src/verdict/types.ts';

/** What differs from run to run though the feedback is the same, each under one name. */
const varying: [RegExp, string][] = [
  [/\b[0-9a-f]{24}\b/g, '<id>'],
  // Cut where a line was too long, and so not always at the same character of it.
  [/ObjectId\("[0-9a-f]{0,23}…/g, 'ObjectId("<id>…'],
  [/ISODate\("[\d:.TZ-]{0,23}…/g, 'ISODate("<time>…'],
  // Which of them a driver throws depends on whether it has noticed an outage yet; so does which request is the first to wait.
  [/\bMongo(ServerSelection|Network|NetworkTimeout|PoolCleared)Error\b/g, 'Mongo<Outage>Error'],
  [/The database is down and (GET|POST|PUT|PATCH|DELETE) \/\S* was sent/g, 'The database is down and <request> was sent'],
  [/\b(GET|POST|PUT|PATCH|DELETE) \/\S* (got no answer|was not answered with 503)/g, '<request> $2'],
  // A server may say so just before a check begins, or just after.
  [/^Listening on http:\/\/\S+\n?/gm, ''],
  [/\bmc_[0-9a-f]{8}/g, 'mc_<run>'],
  [/(127\.0\.0\.1|localhost|\[::1\]):(?!27017)\d{4,5}/g, '$1:<port>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b\d+(\.\d+)? ?(ms|milliseconds)\b/g, '<duration>'],
  [/\b\d+(\.\d+)? (s|seconds)\b/g, '<duration>'],
  [/\b1\d{12}\b/g, '<time>'],
  // The pools of clients that nobody closed grow as they please.
  [/\b\d+ (open )?connections?\b/g, '<n> $1connections'],
  [/[^\s"'()]*[/\\]node_modules[/\\]/g, '<packages>/'],
  [/\b_shared-[A-Z0-9]{8}/g, '_shared'],
  [/(file:\/\/)?[^\s"'()]*[/\\]mongo-course-[\w-]+/g, '<folder>'],
  [/Node\.js v\d+\.\d+\.\d+/g, 'Node.js <version>'],
];

function normalised(verdict: SubmissionVerdict): SubmissionVerdict {
  const text = (value: string): string => varying.reduce((result, [pattern, name]) => result.replace(pattern, name), value);
  return JSON.parse(JSON.stringify(verdict), (key, value: unknown) => {
    if (key === 'evidence') return (value as Evidence[]).filter(lasting).map(withoutStack);
    return typeof value === 'string' ? text(value) : value;
  }) as SubmissionVerdict;
}

/** What the code printed is its own, and comes a moment earlier or later; a request without an answer says nothing more than the message. */
const lasting = ({ kind, text }: Evidence): boolean => kind !== 'output' && (kind !== 'http' || text.includes('→'));

/** An answer that shows a stack shows another one for each of the errors above. */
const withoutStack = (one: Evidence): Evidence => (one.kind === 'http' ? { ...one, text: one.text.replace(/\n +at .*$/gm, '') } : one);

const meta: ReportMeta = {
  course: { name: 'mongo-course', version: '0.0.0' }, engine: { kind: 'embedded', version: '8.2' }, seed: 0, sandbox: 'none',
  platform: { os: 'any', arch: 'any', node: 'any' }, startedAt: '2026-01-01T00:00:00Z',
};

/** What a learner reads about a submission, without what differs from run to run. */
export async function feedbackOn(verdict: SubmissionVerdict): Promise<string> {
  let text = '';
  const reporter = await createReporter('pretty', { write: (part) => void (text += part) });
  const tally = createTally();
  reporter.begin(meta);
  reporter.submission(normalised(verdict));
  reporter.end({ gradedAt: meta.startedAt, durationMs: 0, totals: tally.totals(), causes: tally.causes() });
  return text;
}
