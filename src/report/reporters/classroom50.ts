import type { SubmissionVerdict } from '../../verdict/types.ts';
import type { ReporterKind } from '../reporter.ts';
import { singleReporter } from '../single.ts';

/**
 * `result.json` of a Classroom 50 autograder, `classroom50/result/v1`: the fields of its wiki's "Advanced Autograding".
 * What names the submission comes from the environment of its runner.
 */
export const reporter: ReporterKind = {
  summary: 'result.json of a Classroom 50 autograder; one submission',
  create: (options) => singleReporter(options, {
    name: 'classroom50', instead: 'Check the repository of one student.', document: (verdict, end) => result(verdict, end.gradedAt, process.env),
  }),
};

function result(verdict: SubmissionVerdict, gradedAt: string, env: NodeJS.ProcessEnv): unknown {
  const tests = verdict.exercises.flatMap((exercise) => exercise.checks.filter((check) => check.maxPoints > 0).map((check) => ({
    'test-name': `${exercise.id}: ${check.title}`, passed: check.status === 'passed', score: check.points ?? 0, 'max-score': check.maxPoints,
  })));
  const missing = verdict.exercises.filter((exercise) => exercise.checks.length === 0).map((exercise) => ({ 'test-name': exercise.id, passed: false, score: 0, 'max-score': exercise.maxScore }));
  const all = [...tests, ...missing];
  const commit = env.COMMIT_URL || `${env.GITHUB_SERVER_URL ?? ''}/${env.GITHUB_REPOSITORY ?? ''}/commit/${env.GITHUB_SHA ?? ''}`;
  return {
    schema: 'classroom50/result/v1', classroom: env.CLASSROOM ?? '', assignment: env.ASSIGNMENT ?? '',
    submission: env.SUBMISSION_TAG ?? verdict.name, commit, release: env.RELEASE_URL || commit, review: env.REVIEW_URL || commit,
    datetime: gradedAt.replace(/\.\d+Z$/, 'Z'),
    score: all.reduce((sum, test) => sum + test.score, 0), 'max-score': all.reduce((sum, test) => sum + test['max-score'], 0), tests: all,
  };
}
