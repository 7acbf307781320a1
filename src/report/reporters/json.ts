import type { ReporterKind } from '../reporter.ts';

/** The JSON report (`mongo-course/report.schema.json`), written as it comes: submissions first, totals and causes last. */
export const reporter: ReporterKind = {
  summary: 'one JSON document, for programs',
  create({ write }) {
    let count = 0;
    return {
      begin(meta) {
        const head = JSON.stringify({ schemaVersion: 1, ...meta }, null, 2);
        write(`${head.slice(0, head.lastIndexOf('\n}'))},\n  "submissions": [`);
      },
      submission(verdict) {
        write(`${count++ === 0 ? '' : ','}\n    ${JSON.stringify(verdict, null, 2).replaceAll('\n', '\n    ')}`);
      },
      end(end) {
        const tail = JSON.stringify(end, null, 2);
        write(`${count === 0 ? ']' : '\n  ]'},\n${tail.slice(tail.indexOf('\n') + 1)}\n`);
      },
    };
  },
};
