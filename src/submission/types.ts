/** One thing to grade: a folder laid out like a workbook, or one exercise's folder. */
export interface Submission {
  /** What the report calls it: the folder's or the student's name. */
  name: string;
  /** Absolute path of the target as it was named. */
  path: string;
  /** Absolute folder of each exercise found in it, by exercise id. */
  exercises: Map<string, string>;
  /** Set where it cannot be graded: ambiguous, damaged, refused. */
  unreadable?: string;
}
