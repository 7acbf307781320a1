import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { studentPage } from '../../report/html/page.ts';
import { openSubmission } from '../../submission/intake/opened.ts';
import { isSkipped } from '../../submission/intake/skipped.ts';
import type { Submission } from '../../submission/types.ts';
import type { ReportMeta } from '../../verdict/report.ts';
import type { SubmissionVerdict, TraceEntry } from '../../verdict/types.ts';
import { feedbackText, folderName } from './feedback.ts';

/**
 * Keeps what an appeal needs of one submission, in a folder of its own: its sources, the verdict, the wire timeline, and
 * its feedback as text and as a page.
 */
export async function keepArtifacts(root: string, meta: ReportMeta, submission: Submission, verdict: SubmissionVerdict, traces: Readonly<Record<string, readonly TraceEntry[]>>): Promise<void> {
  const folder = join(root, folderName(verdict.name));
  await mkdir(folder, { recursive: true });
  const opened = submission.unreadable === undefined ? await openSubmission(submission) : undefined;
  try {
    for (const [id, from] of opened?.exercises ?? []) {
      await cp(from, join(folder, 'sources', id), { recursive: true, dereference: false, filter: (path) => !isSkipped(path.slice(from.length + 1).replaceAll('\\', '/')) });
    }
  } finally {
    await opened?.close();
  }
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'wire.json'), `${JSON.stringify(traces, null, 2)}\n`);
  await writeFile(join(folder, 'feedback.txt'), await feedbackText(meta, verdict));
  await writeFile(join(folder, 'feedback.html'), studentPage(meta, verdict, traces));
}
