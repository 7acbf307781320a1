import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createReporter } from '../../report/index.ts';
import type { Submission } from '../../submission/types.ts';
import { createTally, type ReportMeta } from '../../verdict/report.ts';
import type { SubmissionVerdict } from '../../verdict/types.ts';

/** What a student is to be told, in full and in plain text: nothing of a submission that a terminal would obey. */
export async function feedbackText(meta: ReportMeta, verdict: SubmissionVerdict): Promise<string> {
  const tally = createTally();
  tally.add(verdict);
  let feedback = '';
  const reporter = await createReporter('pretty', { write: (text) => void (feedback += text), practice: true });
  reporter.begin(meta);
  reporter.submission(verdict);
  reporter.end({ gradedAt: new Date().toISOString(), durationMs: 0, totals: tally.totals(), causes: tally.causes() });
  return feedback;
}

/**
 * Writes `feedback.txt` for one submission, in a folder named as it was handed in: zipped, these are what Moodle takes as
 * "Upload multiple feedback files in a zip". Nothing for who handed in nothing.
 */
export async function keepFeedback(root: string, meta: ReportMeta, submission: Submission, verdict: SubmissionVerdict): Promise<void> {
  if (submission.path === '') return;
  const isExercise = [...submission.exercises.values()].includes(submission.path);
  const folder = join(root, folderName(isExercise ? verdict.name : basename(submission.path).replace(/\.zip$/i, '')));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'feedback.txt'), await feedbackText(meta, verdict));
}

/** A name as a folder's, on every system: no separators, no dots in front, not too long. */
export function folderName(name: string): string {
  const plain = name.normalize('NFC').replace(/[\p{Cc}<>:"/\\|?*]/gu, '_').replace(/^[.\s]+|[.\s]+$/g, '').slice(0, 100);
  return plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? `_${plain}` : plain;
}
