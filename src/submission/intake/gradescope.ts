import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { instant } from './moment.ts';

/** The file that Gradescope puts beside the submissions it exports. */
export const gradescopeFile = 'submission_metadata.yml';

export interface GradescopeEntry {
  name: string;
  /** Student number and e-mail address, of every submitter. */
  keys: string[];
  /** ISO 8601, UTC. */
  submittedAt?: string;
}

/**
 * What Gradescope's export says of each submission, by its folder's name; nothing where the file is not there.
 * @throws UserError where it is no such file
 */
export async function readGradescope(folder: string): Promise<Map<string, GradescopeEntry>> {
  const path = join(folder, gradescopeFile);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const entries = new Map<string, GradescopeEntry>();
  if (text === undefined) return entries;
  for (const [id, value] of Object.entries(await parseMap(path, text))) {
    const submission = record(value);
    const submitters = list(submission[':submitters'] ?? submission['submitters']).map(record);
    const of = (submitter: Record<string, unknown>, key: string): string => String(submitter[`:${key}`] ?? submitter[key] ?? '').trim();
    const names = submitters.map((submitter) => of(submitter, 'name')).filter((name) => name !== '');
    const submittedAt = instant(String(submission[':created_at'] ?? submission['created_at'] ?? ''));
    entries.set(id, {
      name: names.join(', ') || id,
      keys: submitters.flatMap((submitter) => [of(submitter, 'sid'), of(submitter, 'email')]).filter((key) => key !== ''),
      ...(submittedAt === undefined ? {} : { submittedAt }),
    });
  }
  return entries;
}

/** Loads what reads YAML here: one exercise of a learner's is looked for in the same way, and has no such file. */
async function parseMap(path: string, text: string): Promise<Record<string, unknown>> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new UserError(`${path} is not valid YAML: ${(error as Error).message.split('\n')[0]}`, { wayOut: 'Export the submissions from Gradescope again, or remove the file.', cause: error });
  }
  return record(value);
}

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
