import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { namesOf, numbered } from '../course/files.ts';
import { UserError } from '../errors.ts';

/**
 * Writes the folder of a new exercise: small, but whole. It grades at once; `author verify` asks for the mistakes and
 * variants that are still missing.
 * @param root the course's root
 * @returns the files written, relative to it
 * @throws UserError where the id is no id, or is taken
 */
export async function newExercise(root: string, id: string): Promise<string[]> {
  if (!numbered.test(id)) throw new UserError(`"${id}" can't be the name of an exercise.`, { wayOut: 'Two digits and words in lower case joined by hyphens: 10-transactions.' });
  for (const folder of [`exercises/${id}`, `solutions/${id}`]) {
    if (existsSync(join(root, folder))) throw new UserError(`${folder} is there already.`, { wayOut: 'Choose another name, or move it away.' });
  }
  const lesson = (await namesOf(join(root, 'lessons'), '.md')).at(-1);
  if (!lesson) throw new UserError('The course has no lesson yet, and an exercise links to one.', { wayOut: 'Write lessons/00-welcome.md first.' });
  const files = contents(id, lesson);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return Object.keys(files);
}

function contents(id: string, lesson: string): Record<string, string> {
  const exercise = `exercises/${id}`;
  return {
    [`${exercise}/exercise.yaml`]: exerciseYaml(lesson),
    [`${exercise}/task.md`]: task,
    [`${exercise}/contract.yaml`]: contract,
    [`${exercise}/check.ts`]: checker,
    [`${exercise}/starter/answer.ts`]: starter,
    [`${exercise}/mistakes/counts-another-collection/expect.yaml`]: 'fails: [counts-documents]\nwhy: It looks into a collection that nobody asked for.\n',
    [`${exercise}/mistakes/counts-another-collection/answer.ts`]: solution.replace("collection('things')", "collection('others')"),
    [`${exercise}/variants/javascript/variant.yaml`]: 'why: Plain JavaScript is as right as TypeScript.\n',
    [`${exercise}/variants/javascript/answer.js`]: variant,
    [`solutions/${id}/answer.ts`]: solution,
  };
}

const exerciseYaml = (lesson: string): string => `title: Count the documents
minutes: 15
# core, or extension: its points are a bonus
kind: extension
# What the learner writes; what is given comes from the course whenever it is graded. All of it lies in starter/.
editable: [answer.ts]
given: []
entry: answer.ts
timeoutSeconds: 30
# A lesson and one of its headings, where to read on: ${lesson}#heading
lesson: ${lesson}
packages: [mongodb]
# Gentle ones first, the last one explicit.
hints:
  - Which method of a collection counts?
  - "\`countDocuments\` does; it returns a promise."
# Points of each check; an id is the export's name in check.ts, in kebab-case.
points:
  counts-documents: 2
`;

const contract = `# Each rule of task.md, and the checks that fail where it is broken. Every check stands behind some rule.
Gives the number of documents in the collection \`things\`: [counts-documents]
`;

const task = `# Count the documents

Write \`answer.ts\`:

\`\`\`ts
export async function countThings(uri: string, dbName: string): Promise<number>
\`\`\`

It connects, counts the documents of the collection \`things\`, closes its client and returns the count.

Packages: \`mongodb\`.
`;

const checker = `import { check } from 'mongo-course/checker';

export const countsDocuments = check('counts the documents of the collection', async (t) => {
  const count = t.random.int(3, 9);
  await t.db.collection('things').insert(...Array.from({ length: count }, (_, index) => ({ index })));
  const answer = await t.call('countThings', t.env.MONGO_URI, t.env.MONGO_DB_NAME);
  t.equal(answer, count, {
    message: \`countThings returned another number than the \${count} documents that are in things.\`,
    cause: 'returns a wrong count',
  });
});
`;

const starter = `/** How many documents the collection \`things\` has. */
export async function countThings(uri: string, dbName: string): Promise<number> {
  throw new Error(\`not written yet: \${uri} \${dbName}\`);
}
`;

const solution = `import { MongoClient } from 'mongodb';

/** How many documents the collection \`things\` has. */
export async function countThings(uri: string, dbName: string): Promise<number> {
  const client = new MongoClient(uri);
  try {
    return await client.db(dbName).collection('things').countDocuments();
  } finally {
    await client.close();
  }
}
`;

const variant = `import { MongoClient } from 'mongodb';

export const countThings = async (uri, dbName) => {
  const client = await MongoClient.connect(uri);
  const things = await client.db(dbName).collection('things').find().toArray();
  await client.close();
  return things.length;
};
`;
