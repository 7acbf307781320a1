import type { Failure, SubmissionErrorShape } from './types.ts';

const failureBrand = Symbol.for('mongo-course.CheckFailure');
const submissionBrand = Symbol.for('mongo-course.SubmissionError');

/** Thrown when the submission is wrong: the check fails. Anything else that a checker throws is our fault and `errored`. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly [failureBrand] = true;
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The submission's code threw, hung or ended where an answer was due. Uncaught in a check, it fails it. */
export class SubmissionError extends Error {
  override readonly name = 'SubmissionError';
  readonly [submissionBrand] = true;
  /** What was thrown, where something was. */
  readonly shape: SubmissionErrorShape | undefined;
  readonly failure: Failure;
  constructor(failure: Failure, shape?: SubmissionErrorShape) {
    super(failure.message);
    this.failure = failure;
    this.shape = shape;
  }
}

export function isCheckFailure(error: unknown): error is CheckFailure {
  return typeof error === 'object' && error !== null && failureBrand in error;
}

export function isSubmissionError(error: unknown): error is SubmissionError {
  return typeof error === 'object' && error !== null && submissionBrand in error;
}
