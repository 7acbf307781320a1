import { copyFile, readFile, rm } from 'node:fs/promises';
import type { Course, Exercise } from '../../course/types.ts';
import { UserError } from '../../errors.ts';
import { loadChecker } from '../../submission/checkers.ts';
import { ArchiveError } from '../../submission/intake/archive.ts';
import { openSubmission } from '../../submission/intake/opened.ts';
import { digestSubmission } from '../../submission/sources.ts';
import type { Submission } from '../../submission/types.ts';
import { salvageReport, type PartialReport } from '../../verdict/read.ts';
import type { SubmissionVerdict } from '../../verdict/types.ts';

/** What an earlier run, complete or interrupted, has already found. */
export interface Earlier {
  /** Undefined where no earlier run was found. */
  seed: number | undefined;
  /** The earlier verdict, where nothing that it depends on has changed since. */
  verdictOn(submission: Submission, exercises: readonly Exercise[], engine: PartialReport['engine'], sandbox: string): Promise<SubmissionVerdict | undefined>;
  /** The report is complete: what was kept of the old one can go. */
  done(): Promise<void>;
}

/**
 * Reads the report that this run will write anew. It is kept beside it until the new one is complete, so that a run that
 * is interrupted again loses nothing.
 * @param file the JSON report
 * @throws UserError where there is no JSON report to resume from
 */
export async function readEarlier(course: Course, file: string | undefined): Promise<Earlier> {
  if (file === undefined) throw new UserError('--resume needs to know where the earlier report is.', { wayOut: 'Name it as before: --reporter json=report.json --resume' });
  const kept = `${file}.previous`;
  const parts = [await read(kept), await read(file)].filter((one) => one !== undefined);
  const known = new Map<string, { verdict: SubmissionVerdict; part: PartialReport }>();
  for (const part of parts) for (const verdict of part.submissions) known.set(verdict.name, { verdict, part });
  // The newer part may be shorter: what it lacks is kept with the older one.
  if ((parts.at(-1)?.submissions.length ?? 0) >= known.size && parts.length > 0) await copyFile(file, kept);
  return {
    seed: parts.at(-1)?.seed,
    async verdictOn(submission, exercises, engine, sandbox) {
      const found = known.get(submission.name);
      if (!found || found.part.engine.kind !== engine.kind || found.part.engine.version !== engine.version || found.part.sandbox !== sandbox) return undefined;
      if (found.verdict.status === 'errored' || found.verdict.exercises.some((one) => one.status === 'errored')) return undefined;
      if (!(await isUnchanged(course, submission, exercises, found.verdict))) return undefined;
      return submission.student === undefined ? found.verdict : { ...found.verdict, student: submission.student };
    },
    done: () => rm(kept, { force: true }),
  };
}

async function isUnchanged(course: Course, submission: Submission, exercises: readonly Exercise[], verdict: SubmissionVerdict): Promise<boolean> {
  if (submission.unreadable !== undefined || submission.path !== verdict.path || submission.submittedAt !== verdict.submittedAt || submission.lateBy !== verdict.lateBy) return false;
  if (verdict.exercises.map((one) => one.id).join() !== exercises.map((one) => one.id).join()) return false;
  for (const exercise of exercises) {
    const graded = verdict.exercises.find((one) => one.id === exercise.id);
    if (graded?.status !== 'missing' && graded?.checkerDigest !== (await loadChecker(course, exercise)).digest) return false;
  }
  try {
    const opened = await openSubmission(submission);
    try {
      const digest = opened.exercises.size === 0 ? '' : await digestSubmission(course, exercises, opened.exercises);
      return digest === verdict.digest;
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof ArchiveError) return false;
    throw error;
  }
}

async function read(file: string): Promise<PartialReport | undefined> {
  try {
    return salvageReport(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
