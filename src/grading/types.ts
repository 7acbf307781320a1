import type { Course, Exercise } from '../course/types.ts';
import type { EngineKindId } from '../engine/engine.ts';
import type { Submission } from '../submission/types.ts';
import type { CheckVerdict, ExerciseVerdict, SubmissionVerdict, TraceEntry } from '../verdict/types.ts';

/** What to grade. */
export interface GradeJob {
  submission: Submission;
  exercises: readonly Exercise[];
  /** What all random data comes from. */
  seed: number;
  /** False: a failure that hangs on a deadline counts at once, for somebody who grades again alone what looks wrong. Default true. */
  secondTry?: boolean;
  /** This many of the exercises side by side, as far as the grader has jobs. Default 1. */
  atOnce?: number;
}

export interface GradeResult {
  verdict: SubmissionVerdict;
  /** The wire timeline of each exercise, by id. */
  traces: Record<string, TraceEntry[]>;
  /** With `keepData`: what the database held after the first check that failed, else after the last that stored something. */
  data?: Record<string, Uint8Array>;
}

/** What happens while a job is graded. */
export type GraderEvent =
  | { kind: 'exercise-started'; submission: string; exercise: string }
  | { kind: 'check-done'; submission: string; exercise: string; check: CheckVerdict }
  | { kind: 'exercise-done'; submission: string; exercise: ExerciseVerdict };

export interface GraderOptions {
  course: Course;
  engine: { kind: EngineKindId; uri?: string };
  /** Jobs at once; each has a process of its own. Default 1. */
  jobs?: number;
  /** Default `none`. */
  sandbox?: string;
  /** At most this long for one exercise; default the exercise's own limit. */
  timeoutMs?: number;
  /** Further packages that submissions may import: an instructor's folder, and whether a submission's own `node_modules` counts. Default: its own. */
  packages?: { own: boolean; folder?: string };
  /** Exercise ids whose points are a bonus. */
  bonus?: readonly string[];
  /** Bring back what submissions stored, for a person to look at. Default no. */
  keepData?: boolean;
  signal?: AbortSignal;
  onEvent?: (event: GraderEvent) => void;
}

/** Grades jobs, one after the other or side by side. Stays warm until it is closed. */
export interface Grader {
  readonly engine: { kind: EngineKindId; version: string };
  readonly sandbox: string;
  /** Never throws for what a submission does; throws where we, or the machine, fail altogether. */
  grade(job: GradeJob): Promise<GradeResult>;
  close(): Promise<void>;
}

/** What a slot needs to begin. */
export interface SlotOptions {
  course: Course;
  engine: { kind: EngineKindId; uri?: string };
  sandbox: string;
  packages: { own: boolean; folder?: string };
  timeoutMs?: number;
  keepData?: boolean;
}
