// The last step of the build: proves that the course's data is well formed, and writes what an install needs so that
// nothing has to be compiled or validated on a learner's machine: dist/course.json, dist/*.schema.json and the
// checkers and probes of every exercise. Needs dist/ to hold the compiled sources; uses no network.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const dist = (path) => new URL(`../dist/${path}`, import.meta.url).href;
const root = fileURLToPath(new URL('..', import.meta.url));

const { isUserError } = await import(dist('errors.js'));

try {
  await build();
} catch (error) {
  if (!isUserError(error)) throw error;
  console.error(error.message);
  if (error.wayOut) console.error(error.wayOut);
  process.exit(1);
}

async function build() {
  const { validateCourse } = await import(dist('course/validate.js'));
  const { writeCourseFile } = await import(dist('course/cache.js'));
  const course = await validateCourse(root);
  await mkdir(new URL('../dist/', import.meta.url), { recursive: true });
  await writeCourseFile(course);

  const { reportJsonSchema } = await import(dist('verdict/schema.js'));
  await writeFile(new URL('../dist/report.schema.json', import.meta.url), `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);

  const { progressJsonSchema } = await import(dist('cli/progress-schema.js'));
  await writeFile(new URL('../dist/progress.schema.json', import.meta.url), `${JSON.stringify(progressJsonSchema(), null, 2)}\n`);

  const { buildCheckers } = await import(dist('submission/checkers.js'));
  await buildCheckers(course);
  console.log(`course: ${course.lessons.length} lessons, ${course.quizzes.length} quizzes, ${course.exercises.length} exercises`);
}
