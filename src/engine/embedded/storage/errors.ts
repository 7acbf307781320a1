import type { Doc, Value } from '../bson/value.ts';

/** Storage has errors of its own; commands say them in MongoDB's words. */
export type StorageProblem =
  | { kind: 'duplicate-key'; index: string; keyPattern: Doc; values: Value[] }
  | { kind: 'parallel-arrays'; first: string; second: string }
  | { kind: 'validation'; details: Doc };

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly problem: StorageProblem;
  constructor(problem: StorageProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}
