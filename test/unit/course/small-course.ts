import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Files of a course with one lesson, its quiz and one exercise, all of it right. */
export const smallCourse: Record<string, string> = {
  'package.json': '{ "name": "small", "version": "1.2.3" }\n',
  'lessons/00-welcome.md': '---\ntitle: Welcome\nobjectives: [Know what is coming]\nminutes: 5\nexercises: [00-hello]\nquiz: true\n---\n# Welcome\n\n## One client\n',
  'lessons/quizzes/00-welcome.yaml':
    'questions:\n  - question: Which?\n    answers:\n      - { text: This, correct: true, explanation: Because. }\n      - { text: That, correct: false, explanation: It is not. }\n',
  'exercises/00-hello/exercise.yaml': [
    'title: Say hello', 'minutes: 10', 'kind: core', 'editable: [hello.ts]', 'entry: hello.ts', 'lesson: 00-welcome#one-client',
    'packages: [mongodb]', 'hints: [Look closely]', 'points: { stores: 2, reads: 1 }', '',
  ].join('\n'),
  'exercises/00-hello/task.md': '# Say hello\n',
  'exercises/00-hello/check.ts': '',
  'exercises/00-hello/starter/hello.ts': 'export {};\n',
  'exercises/00-hello/mistakes/forgets/expect.yaml': 'fails: [stores]\nwhy: It forgets.\n',
  'exercises/00-hello/mistakes/forgets/hello.ts': 'export const a = 1;\n',
  'exercises/00-hello/variants/javascript/hello.js': 'export const a = 1;\n',
  'solutions/00-hello/hello.ts': 'export const a = 1;\n',
};

/** Writes the small course, with changes, to a folder of its own; null leaves a file out. */
export async function writeCourse(changes: Record<string, string | null> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'mongo-course-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries({ ...smallCourse, ...changes })) {
    if (text === null) continue;
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return root;
}
