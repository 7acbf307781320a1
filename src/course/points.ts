import type { Exercise } from './types.ts';

/** What an exercise is out of: the points of its checks, those that are a bonus apart. */
export function pointsOutOf(exercise: Exercise): number {
  return Object.entries(exercise.points).reduce((sum, [id, points]) => (exercise.bonus.includes(id) ? sum : sum + points), 0);
}
