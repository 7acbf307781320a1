import { classPage, submissionPart, submissionRow } from '../html/page.ts';
import type { ReporterKind, ReportMeta } from '../reporter.ts';

/** One page that needs nothing else. What is most often wrong stands on top, so it is written when all is known. */
export const reporter: ReporterKind = {
  summary: 'one self-contained page for a browser',
  create({ write }) {
    let meta: ReportMeta;
    const rows: string[] = [];
    const parts: string[] = [];
    return {
      begin(given) {
        meta = given;
      },
      submission(verdict, traces = {}) {
        rows.push(submissionRow(verdict));
        parts.push(submissionPart(verdict, traces));
      },
      end(end) {
        write(classPage(meta, end, rows, parts));
      },
    };
  },
};
