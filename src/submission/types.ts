/** One thing to grade: a folder laid out like a workbook, one exercise's folder, or an archive of either. */
export interface Submission {
  /** What the report calls it: the folder's or the student's name. */
  name: string;
  /** Absolute path of the target as it was named. */
  path: string;
  /** The folder of each exercise found in it, by exercise id: absolute, or within the archive. */
  exercises: Map<string, string>;
  /** Absolute path of the zip that holds it. */
  archive?: string;
  /** Set where it cannot be graded: ambiguous, damaged, refused. */
  unreadable?: string;
  /** Other names by which a roster may know who handed it in. */
  keys?: string[];
  /** ISO 8601, where an export or a roster says it. */
  submittedAt?: string;
  /** The roster's row, by its columns as they are named and ordered there. */
  student?: Record<string, string>;
  /** How much after the deadline: `2 h 5 min`. */
  lateBy?: string;
}
