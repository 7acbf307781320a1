import type { Course, Exercise } from '../../course/types.ts';
import { fingerprint, solutionFingerprint, starterFingerprint } from '../../submission/fingerprint.ts';
import { ArchiveError } from '../../submission/intake/archive.ts';
import { openSubmission } from '../../submission/intake/opened.ts';
import type { Submission } from '../../submission/types.ts';
import type { SubmissionVerdict } from '../../verdict/types.ts';

/** Who hands in what somebody else does, for a person to look at: it changes no verdict. */
export interface Similarities {
  /** The verdict with a note at each exercise that equals another's, or the course's own solution. */
  note(verdict: SubmissionVerdict): SubmissionVerdict;
}

const mostNamed = 5;

/** Compares a class's submissions with each other and with the solutions, names and layout aside. */
export async function findSimilar(course: Course, work: readonly { submission: Submission; exercises: readonly Exercise[] }[]): Promise<Similarities> {
  const [solutions, starters] = [new Map<string, string | undefined>(), new Map<string, string | undefined>()];
  for (const exercise of new Set(work.flatMap((one) => one.exercises))) {
    solutions.set(exercise.id, await solutionFingerprint(course, exercise));
    starters.set(exercise.id, await starterFingerprint(course, exercise));
  }
  const prints = new Map<string, string>();
  const names = new Map<string, string[]>();
  for (const { submission, exercises } of work) {
    for (const [id, print] of await printsOf(course, submission, exercises)) {
      if (print === starters.get(id)) continue;
      prints.set(`${submission.name}\0${id}`, print);
      names.set(`${id}\0${print}`, [...(names.get(`${id}\0${print}`) ?? []), submission.name]);
    }
  }
  return {
    note: (verdict) => ({
      ...verdict,
      exercises: verdict.exercises.map((exercise) => {
        const print = prints.get(`${verdict.name}\0${exercise.id}`);
        const others = (names.get(`${exercise.id}\0${print}`) ?? []).filter((name) => name !== verdict.name);
        const notes = [
          ...(print !== undefined && print === solutions.get(exercise.id) ? ['For a person to look at: names and layout aside, this is the course’s own solution.'] : []),
          ...(others.length > 0 ? [`For a person to look at: names and layout aside, this is the same as the code of ${others.slice(0, mostNamed).join(', ')}${others.length > mostNamed ? ` and ${others.length - mostNamed} more` : ''}.`] : []),
        ].filter((note) => !exercise.notes?.includes(note));
        return notes.length === 0 ? exercise : { ...exercise, notes: [...(exercise.notes ?? []), ...notes] };
      }),
    }),
  };
}

async function printsOf(course: Course, submission: Submission, exercises: readonly Exercise[]): Promise<[string, string][]> {
  if (submission.unreadable !== undefined) return [];
  try {
    const opened = await openSubmission(submission);
    try {
      const found: [string, string][] = [];
      for (const exercise of exercises) {
        const folder = opened.exercises.get(exercise.id);
        const print = folder === undefined ? undefined : await fingerprint(course, exercise, folder);
        if (print !== undefined) found.push([exercise.id, print]);
      }
      return found;
    } finally {
      await opened.close();
    }
  } catch (error) {
    // Grading it will tell why.
    if (error instanceof ArchiveError) return [];
    throw error;
  }
}
