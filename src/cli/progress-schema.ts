import { z } from 'zod';

const text = z.string();
const count = z.int().nonnegative();
const time = z.iso.datetime();

const lesson = z.strictObject({ kind: z.literal('lesson'), id: text, title: text, minutes: count, state: z.enum(['read', 'to read']), readAt: time.exactOptional() });

const quiz = z.strictObject({
  kind: z.literal('quiz'), id: text.describe('Of its lesson.'), title: text.describe('Of its lesson.'),
  state: z.enum(['taken', 'offered', 'to do']).describe('offered: it was put off, or asked where nothing can be answered.'),
  right: count.exactOptional().describe('Right answers of the last time.'), of: count.exactOptional(), offeredAt: time.exactOptional(),
});

const exercise = z.strictObject({
  kind: z.literal('exercise'), id: text, title: text, minutes: count, extension: z.boolean(),
  state: z.enum(['passed', 'put off', 'tried', 'open', 'to do']),
  score: count.exactOptional().describe('Of the last check; absent where there was none.'), maxScore: count,
  attempts: count, hintsShown: count, openedAt: time.exactOptional(), passedAt: time.exactOptional(), skippedAt: time.exactOptional(),
  revealedAt: time.exactOptional().describe('When the solution was looked at before the exercise passed.'),
});

/** What `list --json` prints. */
export const progressSchema = z.strictObject({
  schemaVersion: z.literal(1),
  course: z.strictObject({ name: text, version: text }),
  workbook: text.nullable().describe('Absolute path; null outside of a workbook.'),
  way: z.enum(['daily', 'extensions']).nullable().describe('What comes after the core, once it was chosen.'),
  minutesLeft: count.describe('Of what is not done yet on the way chosen.'),
  steps: z.array(z.discriminatedUnion('kind', [lesson, quiz, exercise])).describe('In the order of the course.'),
});

/** The published JSON Schema (draft 2020-12): `mongo-course/progress.schema.json`. */
export function progressJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(progressSchema, { target: 'draft-2020-12', io: 'output' });
  return { $schema, title: 'mongo-course progress', description: 'What mongo-course list --json prints, schemaVersion 1.', ...schema };
}
