import { z } from 'zod';
import { UserError } from '../errors.ts';
import { reportSchema } from './schema.ts';
import type { Report, SubmissionVerdict } from './types.ts';

/**
 * A JSON report.
 * @param name what to call it in messages
 * @throws UserError where it is none, or of another version
 */
export function readReport(name: string, text: string): Report {
  const value = parse(text);
  if (value === undefined) throw new UserError(`${name} is no complete JSON report.`, { wayOut: 'Make one with: mongo-course check CLASS --reporter json=report.json' });
  const result = reportSchema.safeParse(value);
  if (result.success) return result.data as Report;
  const issue = result.error.issues[0];
  throw new UserError(`${name} is no report of this program: ${issue?.path.join('.')}: ${issue?.message}.`, { wayOut: 'Make one with: mongo-course check CLASS --reporter json=report.json' });
}

/** What a report, complete or cut off while it was written, has of the run. */
export interface PartialReport extends Pick<Report, 'course' | 'engine' | 'seed' | 'sandbox'> {
  submissions: SubmissionVerdict[];
}

/** As `readReport`, of a report that may have been cut off; undefined where nothing can be used. */
export function salvageReport(text: string): PartialReport | undefined {
  // The reporter writes a submission at a time, each indented by four.
  const whole = parse(text) ?? parse(`${text.slice(0, text.lastIndexOf('\n    }') + 6)}\n  ]}`) ?? parse(`${text.slice(0, text.indexOf('"submissions"'))}"submissions":[]}`);
  const result = partialSchema.safeParse(whole);
  return result.success ? (result.data as PartialReport) : undefined;
}

const partialSchema = z.object(reportSchema.pick({ course: true, engine: true, seed: true, sandbox: true, submissions: true }).shape);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
