import type { ChalkInstance } from 'chalk';
import type { ReportEnd, ReportMeta } from '../verdict/report.ts';
import type { SubmissionVerdict, TraceEntry } from '../verdict/types.ts';

export type { ReportEnd, ReportMeta } from '../verdict/report.ts';

/** Where a reporter writes, and what can be shown there. */
export interface ReporterOptions {
  /** Takes text in UTF-8. */
  write(text: string): void;
  /** Columns to wrap to; default 80. */
  width?: number;
  /** Colours of the stream; default none. */
  color?: ChalkInstance;
  /** Words for glyphs, for screen readers; default false. */
  accessible?: boolean;
  /**
   * True for a person's own run: every failure is explained in full. False for a class: a few lines for each submission,
   * and in the end what the class gets wrong. Default true.
   */
  practice?: boolean;
  /** A path that a person can open from where they are, for `file:line:column` in an exercise of a submission; default `exercise/file`. */
  place?(submission: SubmissionVerdict, exerciseId: string, at: string): string;
  /** The column of a learning platform's gradebook that gets the points; default the course's name. */
  assignment?: string;
  /** How a person starts this program; default `npx mongo-course`. */
  program?: string;
}

/** Fed a submission at a time, so that a class of any size needs no more memory than one. */
export interface Reporter {
  begin(meta: ReportMeta): void;
  /** @param traces the wire timeline of each exercise, by id, where it is at hand */
  submission(verdict: SubmissionVerdict, traces?: Readonly<Record<string, readonly TraceEntry[]>>): void;
  end(end: ReportEnd): void;
}

/** One file in `report/reporters/` exports `reporter`, one of these; its name is what `--reporter` takes. */
export interface ReporterKind {
  /** One line for `--help`. */
  readonly summary: string;
  create(options: ReporterOptions): Reporter;
}
