import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';
import { loadEsbuild } from './compile/esbuild.ts';
import { readSources } from './sources.ts';

/**
 * What code is once names, types, comments and layout are taken away: two submissions of one fingerprint were written by
 * one hand, or are so short that there is one way to write them. SHA-256, hex; undefined where it does not compile.
 */
export async function fingerprint(course: Course, exercise: Exercise, folder: string): Promise<string | undefined> {
  const { transform } = loadEsbuild();
  const { contents } = await readSources(course, exercise, folder);
  const hash = createHash('sha256');
  const own = [...contents].filter(([file]) => !exercise.given.includes(file) && /\.[mc]?[jt]s$/.test(file)).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, bytes] of own) {
    try {
      const { code } = await transform(bytes.toString('utf8'), { loader: 'ts', minifyWhitespace: true, minifySyntax: true, format: 'esm', tsconfigRaw: '{}', legalComments: 'none', logLevel: 'silent' });
      hash.update(`${withoutNames(code)}\0`);
    } catch (error) {
      // Code with mistakes in it: its check says so.
      if (!('errors' in (error as object))) throw error;
      return undefined;
    }
  }
  return own.length === 0 ? undefined : hash.digest('hex');
}

/** Every name as the number of its first place, but for what is read from an object: the driver's methods keep theirs. */
function withoutNames(code: string): string {
  const numbers = new Map<string, number>();
  return code.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![.\w$])[A-Za-z_$][\w$]*/g, (word) => {
    if (/^["']/.test(word)) return word;
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return `v${number}`;
  });
}

/** The fingerprint of the course's own solution. */
export const solutionFingerprint = (course: Course, exercise: Exercise): Promise<string | undefined> => fingerprint(course, exercise, join(course.root, 'solutions', exercise.id));

/** The fingerprint of the untouched starter. */
export const starterFingerprint = (course: Course, exercise: Exercise): Promise<string | undefined> => fingerprint(course, exercise, join(course.root, 'exercises', exercise.id, 'starter'));
