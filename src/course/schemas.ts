import { z } from 'zod';

const text = z.string().trim().min(1);
const minutes = z.int().positive();
const id = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'expected words in lower case joined by hyphens, such as stores-the-message' });
const folderId = z.string().regex(/^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'expected two digits and a name, such as 02-crud' });
const sectionLink = z.string().regex(/^\d\d-[a-z0-9-]+(#[^\s#]+)?$/, { error: 'expected a lesson and one of its headings, such as 02-connecting#one-client' });
/** A path that stays where it is: relative, forward slashes, no dots that lead out. */
const path = z.string().regex(/^(?![/\\])(?!.*(^|\/)\.\.?(\/|$))[^\\:]+$/, { error: 'expected a path inside the exercise, with forward slashes' });

/** `exercise.yaml`. */
export const exerciseSchema = z.strictObject({
  title: text,
  minutes,
  kind: z.enum(['core', 'extension']),
  editable: z.array(path).min(1),
  given: z.array(path).default([]),
  entry: path,
  entryKind: z.enum(['module', 'server']).default('module'),
  serves: z.string().regex(/^\/\S*$/, { error: 'expected the path of a URL to look at, such as /mongo-test/' }).optional(),
  timeoutSeconds: z.int().positive().max(3600).default(60),
  selectionTimeoutMs: z.int({ error: 'expected milliseconds' }).min(1000, { error: 'expected 1000 or more: the driver asks a server that is away twice a second' }).optional(),
  lesson: sectionLink,
  packages: z.array(text).default([]),
  hints: z.array(text).min(1),
  points: z.record(id, z.int().nonnegative()),
  bonus: z.array(id).default([]),
});

/** Front matter of a lesson. */
export const lessonSchema = z.strictObject({
  title: text,
  objectives: z.array(text).min(1),
  minutes,
  exercises: z.array(folderId).default([]),
  quiz: z.boolean().default(false),
});

const answerSchema = z.strictObject({ text, correct: z.boolean(), explanation: text });

/** `lessons/quizzes/NN-slug.yaml`: every answer is explained, and at least one is right, one wrong. */
export const quizSchema = z.strictObject({
  questions: z
    .array(
      z.strictObject({
        question: text,
        answers: z
          .array(answerSchema)
          .min(2)
          .refine((answers) => answers.some((answer) => answer.correct), { error: 'no answer is correct' })
          .refine((answers) => answers.some((answer) => !answer.correct), { error: 'every answer is correct' }),
      }),
    )
    .min(1),
});

/** `mistakes/<name>/expect.yaml`. */
export const mistakeSchema = z.strictObject({
  fails: z.array(id).min(1),
  why: text,
});

/** `contract.yaml`: each rule of the task, and the checks that fail where it is broken. */
export const contractSchema = z.record(text, z.array(id).min(1));

/** `variants/<name>/variant.yaml`. */
export const variantSchema = z.strictObject({ why: text });

/** What a course's name and version are taken from: its `package.json`, which is YAML as well. */
export const packageSchema = z.object({ name: text.optional(), version: text.optional() });
