import { z } from 'zod';

const text = z.string();
const points = z.int().nonnegative();
const ms = z.number().nonnegative();
/** SHA-256, hex; empty where nothing was read. */
const digest = z.string().regex(/^([0-9a-f]{64})?$/);
const time = z.iso.datetime({ offset: true });

const status = z
  .enum(['passed', 'failed', 'skipped', 'errored', 'timeout', 'missing', 'unreadable'])
  .describe('skipped: a check it depends on failed. errored: our fault, never counted against the learner.');

const evidence = z.strictObject({
  kind: z.enum(['wire', 'http', 'output', 'error', 'source', 'data']),
  text: text.describe('One or more lines: a command in mongosh syntax, a request and its answer, what was printed or thrown.'),
  at: text.exactOptional().describe('file:line:column in the learner’s files.'),
  untrusted: z.boolean().exactOptional().describe('True for text that the submission produced.'),
});

const check = z.strictObject({
  id: text,
  title: text,
  status,
  points: points.nullable().describe('Null where the check errored.'),
  maxPoints: points,
  bonus: z.boolean().exactOptional().describe('Adds to the score, is never needed for it.'),
  cause: text.exactOptional().describe('A short phrase, the same for everybody who fails in this way.'),
  message: text,
  expected: text.exactOptional(),
  actual: text.exactOptional(),
  hint: text.exactOptional(),
  evidence: z.array(evidence).exactOptional(),
  lesson: text.exactOptional().describe('lesson-id#section to read on.'),
  durationMs: ms,
  dependsOn: z.array(text).exactOptional().describe('Ids of the checks that must pass first.'),
});

const exercise = z.strictObject({
  id: text,
  title: text,
  status,
  score: points.describe('Bonus points come on top: it can exceed maxScore.'),
  maxScore: points,
  durationMs: ms,
  checkerDigest: digest.describe('SHA-256 of the checker’s sources.'),
  checks: z.array(check),
  notes: z.array(text).exactOptional(),
});

const submission = z.strictObject({
  name: text,
  path: text,
  digest: digest.describe('SHA-256 of the graded files; empty where nothing could be read.'),
  score: points,
  maxScore: points,
  status,
  submittedAt: text.exactOptional(),
  lateBy: text.exactOptional(),
  student: z.record(text, text).exactOptional().describe('The roster’s row of who handed it in, by its columns.'),
  exercises: z.array(exercise),
  error: text.exactOptional().describe('Why it could not be graded.'),
});

/** The JSON report. `types.ts` says the same in TypeScript; a test keeps the two equal. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  course: z.strictObject({ name: text, version: text }),
  engine: z.strictObject({ kind: text, version: text }),
  seed: z.int(),
  sandbox: text,
  platform: z.strictObject({ os: text, arch: text, node: text }),
  startedAt: time,
  gradedAt: time,
  durationMs: ms,
  totals: z.strictObject({
    submissions: points, passed: points, failed: points.describe('Timeouts and missing ones included.'), errored: points, unreadable: points,
    score: points, maxScore: points,
  }),
  causes: z.array(z.strictObject({ check: text, cause: text, submissions: z.array(text) })).describe('What a whole class gets wrong, most frequent first.'),
  submissions: z.array(submission),
});

/** The published JSON Schema (draft 2020-12): `mongo-course/report.schema.json`. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'output' });
  return { $schema, title: 'mongo-course report', description: 'What mongo-course check found, schemaVersion 1.', ...schema };
}
