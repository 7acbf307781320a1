import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Submission } from '../types.ts';
import { extractArchive } from './archive.ts';

/** A submission whose exercises are folders that can be read. */
export interface OpenedSubmission {
  exercises: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/**
 * Unpacks a submission's archive into a temporary folder; one that is a folder already stays where it is.
 * @throws ArchiveError where the archive is refused
 */
export async function openSubmission(submission: Submission): Promise<OpenedSubmission> {
  if (submission.archive === undefined) return { exercises: submission.exercises, close: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'mongo-course-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await extractArchive(submission.archive, folder);
  } catch (error) {
    await close();
    throw error;
  }
  return { exercises: new Map([...submission.exercises].map(([id, path]) => [id, join(folder, path)])), close };
}
