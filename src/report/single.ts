import { UserError } from '../errors.ts';
import type { SubmissionVerdict } from '../verdict/types.ts';
import type { Reporter, ReportEnd, ReporterOptions } from './reporter.ts';

/**
 * A reporter of a platform that grades one submission at a time: a JSON document, written in the end.
 * @param name the reporter's, for the person who gave it a class
 * @param instead what to do then, a sentence
 * @throws UserError when it is fed a second submission
 */
export function singleReporter({ write }: ReporterOptions, { name, instead, document }: { name: string; instead: string; document(verdict: SubmissionVerdict, end: ReportEnd): unknown }): Reporter {
  let only: SubmissionVerdict | undefined;
  return {
    begin() {},
    submission(verdict) {
      if (only) throw new UserError(`The ${name} reporter is for one submission, and several were graded.`, { wayOut: `${instead} For a class, use csv or html.` });
      only = verdict;
    },
    end(end) {
      if (only) write(`${JSON.stringify(document(only, end), null, 2)}\n`);
    },
  };
}
