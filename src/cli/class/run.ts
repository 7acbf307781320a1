import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Course, Exercise } from '../../course/types.ts';
import { UserError } from '../../errors.ts';
import type { GradeResult } from '../../grading/index.ts';
import type { Submission } from '../../submission/types.ts';
import type { applyOverrides, Override } from '../../verdict/overrides.ts';
import type { ReportMeta } from '../../verdict/report.ts';
import type { SubmissionVerdict } from '../../verdict/types.ts';
import type { CheckOptions } from '../commands/check.ts';
import type { Cli } from '../context.ts';
import { openGradebook, type Gradebook } from './gradebook.ts';
import type { Earlier } from './resume.ts';

/** What a class run does around grading itself: results of an earlier run, decisions by hand, what is kept. */
export interface ClassRun {
  /** The seed of the run that is resumed. */
  seed: number | undefined;
  /** The earlier result, where nothing that it depends on has changed. */
  earlier(work: { submission: Submission; exercises: readonly Exercise[] }, meta: ReportMeta): Promise<GradeResult | undefined>;
  /** The verdict with the decisions by hand. */
  decide(verdict: SubmissionVerdict, bonus: ReadonlySet<string>): SubmissionVerdict;
  keep(meta: ReportMeta, submission: Submission, verdict: SubmissionVerdict, traces: GradeResult['traces']): Promise<void>;
  /** Every submission has been reported. */
  done(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads what the options of a class name, before anything is graded.
 * @throws UserError where one of them is wrong
 */
export async function openClassRun(cli: Cli, course: Course, options: CheckOptions): Promise<ClassRun> {
  const report = options.reporter?.find((one) => one.startsWith('json='))?.slice('json='.length);
  const earlier: Earlier | undefined = options.resume ? await (await import('./resume.ts')).readEarlier(course, report === undefined ? undefined : resolve(cli.cwd, report)) : undefined;
  const byHand = options.overrides === undefined ? undefined : await readByHand(options.overrides, resolve(cli.cwd, options.overrides));
  const unused = new Set<Override>(byHand?.overrides);
  const artifacts = options.artifacts === undefined ? undefined : await folder(resolve(cli.cwd, options.artifacts));
  const feedback = options.feedback === undefined ? undefined : await folder(resolve(cli.cwd, options.feedback));
  const gradebook: Gradebook | undefined = options.gradebook === undefined ? undefined : await openGradebook(options.gradebook);
  return {
    seed: earlier?.seed,
    async earlier({ submission, exercises }, meta) {
      const verdict = await earlier?.verdictOn(submission, exercises, meta.engine, meta.sandbox);
      return verdict && { verdict, traces: {} };
    },
    decide: (verdict, bonus) => byHand?.apply(verdict, byHand.overrides, bonus, (one) => void unused.delete(one)) ?? verdict,
    async keep(meta, submission, verdict, traces) {
      if (artifacts !== undefined) {
        const { keepArtifacts } = await import('./artifacts.ts');
        await keepArtifacts(artifacts, meta, submission, verdict, traces);
      }
      if (feedback !== undefined) {
        const { keepFeedback } = await import('./feedback.ts');
        await keepFeedback(feedback, meta, submission, verdict);
      }
      await gradebook?.put(meta, verdict);
    },
    async done() {
      await earlier?.done();
      for (const one of unused) cli.terminal.stderr.write(`The override for "${one.submission}", ${one.exercise}, ${one.check} was not used: nothing of that name was graded.\n`);
    },
    close: async () => gradebook?.close(),
  };
}

/** The decisions by hand, and what applies them. */
async function readByHand(name: string, path: string): Promise<{ overrides: Override[]; apply: typeof applyOverrides }> {
  const { applyOverrides, readOverrides } = await import('../../verdict/overrides.ts');
  return { overrides: readOverrides(name, await text(path)), apply: applyOverrides };
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} can't be read: ${(error as Error).message}.`, { wayOut: 'Name a file that is there.', cause: error });
  }
}

async function folder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    return path;
  } catch (error) {
    throw new UserError(`${path} can't be made: ${(error as Error).message}.`, { wayOut: 'Name another folder.', cause: error });
  }
}
