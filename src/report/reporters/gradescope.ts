import type { ExerciseVerdict, SubmissionVerdict } from '../../verdict/types.ts';
import { checkText } from '../check-text.ts';
import type { ReporterKind } from '../reporter.ts';
import { singleReporter } from '../single.ts';

/**
 * `results.json` of a Gradescope autograder, for its one submission. Format: Gradescope's "Autograder Specifications".
 * Text is sent as text, so that nothing of a submission is marked up.
 */
export const reporter: ReporterKind = {
  summary: 'results.json of a Gradescope autograder; one submission',
  create: (options) => singleReporter(options, {
    name: 'gradescope', instead: 'In a Gradescope autograder, check /autograder/submission.', document: (verdict, end) => results(verdict, end.durationMs),
  }),
};

function results(verdict: SubmissionVerdict, durationMs: number): unknown {
  return {
    score: verdict.score,
    execution_time: Math.round(durationMs / 1000),
    output: verdict.error ?? `${verdict.score} of ${verdict.maxScore} points.`,
    output_format: 'text', test_output_format: 'text', test_name_format: 'text', visibility: 'visible', stdout_visibility: 'hidden',
    tests: verdict.exercises.flatMap(tests),
  };
}

interface GradescopeTest {
  name: string;
  score: number;
  max_score: number;
  status: 'passed' | 'failed';
  output?: string;
  tags: string[];
}

function tests(exercise: ExerciseVerdict): GradescopeTest[] {
  if (exercise.checks.length === 0) return [{ name: exercise.title, score: 0, max_score: exercise.maxScore, status: 'failed', output: `${exercise.id} was not handed in.`, tags: [exercise.id, exercise.status] }];
  return exercise.checks.map((check) => ({
    name: `${exercise.id}: ${check.title}`, score: check.points ?? 0, max_score: check.maxPoints, status: check.status === 'passed' ? 'passed' : 'failed',
    ...(check.status === 'passed' ? {} : { output: checkText(check) }), tags: [exercise.id, check.status],
  }));
}
