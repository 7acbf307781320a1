/** What became of a check, an exercise or a submission. `skipped`: a check it depends on failed. `errored`: our fault. */
export type Status = 'passed' | 'failed' | 'skipped' | 'errored' | 'timeout' | 'missing' | 'unreadable';

/** One thing that was seen, quoted in feedback. Text that a submission produced is marked `untrusted`. */
export interface Evidence {
  /** `wire`: a command in mongosh's syntax. `http`: a request and its answer. `output`: what the code printed. `error`: what it threw. `source`: a place in its files. */
  kind: 'wire' | 'http' | 'output' | 'error' | 'source' | 'data';
  /** One or more lines, capped by whoever made it. */
  text: string;
  /** `file:line:column` in the learner's files. */
  at?: string;
  untrusted?: boolean;
}

export interface CheckVerdict {
  id: string;
  title: string;
  status: Status;
  /** Null where the check errored. */
  points: number | null;
  maxPoints: number;
  bonus?: boolean;
  /** A short stable phrase for the cause, the same for everybody who fails in this way; a class report groups by it. */
  cause?: string;
  message: string;
  expected?: string;
  actual?: string;
  hint?: string;
  evidence?: Evidence[];
  /** `lesson-id#section` to read on. */
  lesson?: string;
  durationMs: number;
  /** Ids of the checks this one depends on. */
  dependsOn?: string[];
}

export interface ExerciseVerdict {
  id: string;
  title: string;
  status: Status;
  score: number;
  maxScore: number;
  durationMs: number;
  /** SHA-256, hex, of the checker's sources. */
  checkerDigest: string;
  checks: CheckVerdict[];
  /** Notes for the person: given files restored, unsandboxed, and the like. */
  notes?: string[];
}

export interface SubmissionVerdict {
  name: string;
  path: string;
  /** SHA-256, hex, of the graded files. */
  digest: string;
  score: number;
  maxScore: number;
  status: Status;
  submittedAt?: string;
  lateBy?: string;
  /** The roster's row, by its columns. */
  student?: Record<string, string>;
  exercises: ExerciseVerdict[];
  error?: string;
}

/** What a whole class gets wrong. */
export interface Cause {
  check: string;
  cause: string;
  submissions: string[];
}

/** The JSON report, `schemaVersion` 1. `docs/report-schema.md` describes each field. */
export interface Report {
  schemaVersion: 1;
  course: { name: string; version: string };
  engine: { kind: string; version: string };
  seed: number;
  sandbox: string;
  platform: { os: string; arch: string; node: string };
  startedAt: string;
  gradedAt: string;
  durationMs: number;
  totals: {
    submissions: number; passed: number; failed: number; errored: number; unreadable: number;
    score: number; maxScore: number;
  };
  causes: Cause[];
  submissions: SubmissionVerdict[];
}

/** A line of the last run's wire timeline, kept in the workbook for `trace`; not part of the report. */
export interface TraceEntry {
  /** Milliseconds since the exercise's run began. */
  at: number;
  check: string;
  connection: number;
  kind: 'open' | 'close' | 'command' | 'fault';
  /** mongosh syntax for a command, a sentence else. */
  text: string;
  /** Command name, database and collection where there are any. */
  command?: string;
  database?: string;
  collection?: string;
  /** The command with its values left out; equal shapes in a row mean a loop of queries. */
  shape?: string;
  ok?: boolean;
  n?: number;
  code?: number;
  durationMs?: number;
}
