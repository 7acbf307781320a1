import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Course, Exercise } from '../course/types.ts';

/** A type error in a starter or a solution. */
export interface TypeProblem {
  exercise: string;
  kind: 'starter' | 'solution';
  /** `views.ts(3,5): error TS2322: …`. */
  message: string;
}

/**
 * Type-checks starters and solutions as a learner's editor does.
 * @param tsconfig text of the `tsconfig.json` that a workbook gets
 * @param folder a folder to work in
 * @returns undefined where no `typescript` is installed beside the course: it is for developers only
 */
export async function checkTypes(course: Course, exercises: readonly Exercise[], tsconfig: string, folder: string): Promise<TypeProblem[] | undefined> {
  const compiler = await findCompiler(course.root);
  if (!compiler) return undefined;
  for (const exercise of exercises) {
    const starter = join(course.root, 'exercises', exercise.id, 'starter');
    await cp(starter, join(folder, 'starter', exercise.id), { recursive: true });
    await cp(join(course.root, 'solutions', exercise.id), join(folder, 'solution', exercise.id), { recursive: true });
    for (const file of exercise.given) {
      const to = join(folder, 'solution', exercise.id, file);
      await mkdir(dirname(to), { recursive: true });
      await cp(join(starter, file), to);
    }
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  await writeFile(join(folder, 'tsconfig.json'), tsconfig);
  await symlink(compiler.packages, join(folder, 'node_modules'), process.platform === 'win32' ? 'junction' : 'dir');
  return parse(await run(compiler.tsc, folder));
}

async function findCompiler(root: string): Promise<{ tsc: string; packages: string } | undefined> {
  const require = createRequire(join(root, 'package.json'));
  const own = createRequire(import.meta.url);
  for (const from of [require, own]) {
    for (const packages of from.resolve.paths('typescript') ?? []) {
      const file = join(packages, 'typescript', 'package.json');
      if (!existsSync(file)) continue;
      const { bin } = JSON.parse(await readFile(file, 'utf8')) as { bin?: { tsc?: string } };
      if (bin?.tsc) return { tsc: join(packages, 'typescript', bin.tsc), packages };
    }
  }
  return undefined;
}

function run(tsc: string, folder: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', folder], { cwd: folder, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      // tsc ends with 1 or 2 where there are errors in the code; anything else is no answer.
      if (error && error.code !== 1 && error.code !== 2) fail(new Error(`tsc did not run: ${stderr || error.message}`));
      else done(stdout);
    });
  });
}

function parse(output: string): TypeProblem[] {
  const problems: TypeProblem[] = [];
  for (const line of output.split('\n')) {
    const match = /^(starter|solution)[/\\]([^/\\]+)[/\\](.*)$/.exec(line);
    if (match) problems.push({ kind: match[1] as TypeProblem['kind'], exercise: match[2] as string, message: match[3] as string });
    else if (line.startsWith('error TS')) throw new Error(`tsc: ${line}`);
  }
  return problems;
}
