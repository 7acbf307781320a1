/** A multiple-choice question; every answer is explained. */
export interface Question {
  question: string;
  answers: { text: string; correct: boolean; explanation: string }[];
}

export interface Lesson {
  /** `NN-slug`, the file's name. */
  id: string;
  title: string;
  objectives: string[];
  minutes: number;
  /** Ids of the exercises this lesson leads to. */
  exercises: string[];
  /** Path of the Markdown file, relative to the course's root. */
  path: string;
  /** Slugs of its headings, for `lesson-id#section` links. */
  sections: string[];
  /** Id of its quiz, the same as the lesson's, where it has one. */
  quiz?: string;
}

export interface Quiz {
  id: string;
  lesson: string;
  questions: Question[];
}

export interface Exercise {
  /** `NN-slug`, the folder's name. */
  id: string;
  title: string;
  minutes: number;
  kind: 'core' | 'extension';
  /** Files the learner writes, relative to the exercise's folder. */
  editable: string[];
  /** Files that come from the course whenever it is graded. */
  given: string[];
  /** The module that `compiles` loads and `call` uses where there is no probe; a path in the exercise's folder. */
  entry: string;
  /** Whether the entry is a module to load or a server to start. */
  entryKind: 'module' | 'server';
  /** Where its server is worth looking at with a browser: the path of a URL. */
  serves?: string | undefined;
  /** Whole exercise, seconds. */
  timeoutSeconds: number;
  /** `serverSelectionTimeoutMS` in the MONGO_URI that a submission is given, so that outages are soon over; without it, none. */
  selectionTimeoutMs?: number | undefined;
  /** `lesson-id#section` to read on. */
  lesson: string;
  /** npm packages its code may import, besides Node's built-ins. */
  packages: string[];
  hints: string[];
  /** Points of each check, by id; 0 for none. The checker module has exactly these checks. */
  points: Record<string, number>;
  /** Those of them whose points come on top: `bonus: true` in the checker. */
  bonus: string[];
}

/** The course as data: what `dist/course.json` holds. */
export interface Course {
  name: string;
  version: string;
  /** Absolute path of the folder that has `lessons/`, `exercises/`, `solutions/`. */
  root: string;
  lessons: Lesson[];
  quizzes: Quiz[];
  exercises: Exercise[];
}
