import type { Course, Exercise, Lesson } from '../course/types.ts';
import type { Progress } from '../workbook/progress.ts';

/** One step of the way through the course. */
export type Step =
  | { kind: 'lesson'; lesson: Lesson }
  | { kind: 'quiz'; lesson: Lesson }
  | { kind: 'exercise'; exercise: Exercise }
  | { kind: 'choice' };

/** Exercises that everybody does, in order, the ones after the extensions apart. */
function parts(course: Course): { core: Exercise[]; extensions: Exercise[]; last: Exercise[] } {
  const first = course.exercises.findIndex((exercise) => exercise.kind === 'extension');
  const split = first === -1 ? course.exercises.length : first;
  return {
    core: course.exercises.slice(0, split),
    extensions: course.exercises.filter((exercise) => exercise.kind === 'extension'),
    last: course.exercises.slice(split).filter((exercise) => exercise.kind === 'core'),
  };
}

/** All steps in order: for each exercise its lessons, each with its quiz, then itself. */
export function way(course: Course, choice: Progress['way']): Step[] {
  const { core, extensions, last } = parts(course);
  const steps: Step[] = [];
  const shown = new Set<string>();
  const addLesson = (lesson: Lesson): void => {
    if (shown.has(lesson.id)) return;
    shown.add(lesson.id);
    steps.push({ kind: 'lesson', lesson });
    if (lesson.quiz) steps.push({ kind: 'quiz', lesson });
  };
  const addExercise = (exercise: Exercise): void => {
    for (const lesson of course.lessons.filter((one) => one.exercises.includes(exercise.id))) {
      // A lesson that leads to no exercise is read where its number puts it.
      for (const earlier of course.lessons) {
        if (earlier.id < lesson.id && earlier.exercises.length === 0) addLesson(earlier);
      }
      addLesson(lesson);
    }
    steps.push({ kind: 'exercise', exercise });
  };
  core.forEach(addExercise);
  if (extensions.length > 0 && last.length > 0 && choice === undefined) return [...steps, { kind: 'choice' }];
  const rest = choice === 'extensions' ? [...extensions, ...last] : last.length > 0 ? last : extensions;
  rest.forEach(addExercise);
  course.lessons.filter((lesson) => lesson.exercises.length === 0).forEach(addLesson);
  return steps;
}

/** True where a step needs nothing more: a lesson read, a quiz offered, an exercise passed or put off. */
export function isDone(step: Step, progress: Progress): boolean {
  switch (step.kind) {
    case 'lesson': return progress.lessons[step.lesson.id] !== undefined;
    case 'quiz': return progress.quizzes[step.lesson.id] !== undefined;
    case 'exercise': {
      const state = progress.exercises[step.exercise.id];
      return state?.passedAt !== undefined || state?.skippedAt !== undefined;
    }
    case 'choice': return false;
  }
}

/** The first step that is not done, or undefined at the end of the way. */
export function nextStep(course: Course, progress: Progress): Step | undefined {
  return way(course, progress.way).find((step) => !isDone(step, progress));
}

/** Exercises put off and not passed since. */
export function skippedExercises(course: Course, progress: Progress): Exercise[] {
  return course.exercises.filter((exercise) => {
    const state = progress.exercises[exercise.id];
    return state?.skippedAt !== undefined && state.passedAt === undefined;
  });
}

/** The exercise that is meant where none is named: the first that is not passed or put off, else the last one. */
export function currentExercise(course: Course, progress: Progress): Exercise | undefined {
  const exercises = way(course, progress.way).flatMap((step) => (step.kind === 'exercise' ? [step] : []));
  const open = exercises.find((step) => !isDone(step, progress)) ?? exercises.find((step) => progress.exercises[step.exercise.id]?.passedAt === undefined);
  return (open ?? exercises.at(-1))?.exercise;
}

/** Minutes of what is not done yet: lessons and exercises of the way. */
export function minutesLeft(course: Course, progress: Progress): number {
  let minutes = 0;
  for (const step of way(course, progress.way)) {
    if (isDone(step, progress)) continue;
    if (step.kind === 'lesson') minutes += step.lesson.minutes;
    if (step.kind === 'exercise') minutes += step.exercise.minutes;
  }
  return minutes;
}
