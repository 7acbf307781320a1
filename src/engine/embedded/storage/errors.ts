import type { Doc } from '../bson/value.ts';

/**
 * What can go wrong in storage, in storage's own terms. Commands translate these to MongoDB's errors
 * (`translateStorageError` in `../storage-errors.ts`), which need a namespace and wording that storage has no part in.
 */
export type StorageFailure =
  | { kind: 'duplicate-key'; index: string; collation: Doc | undefined; pattern: Doc; values: Doc; clustered?: boolean }
  | { kind: 'parallel-arrays'; first: string; second: string }
  | { kind: 'hashed-array' }
  | { kind: 'wildcard-array' }
  | { kind: 'too-large'; bytes: number }
  | { kind: 'id-too-large'; bytes: number }
  | { kind: 'index-dropped'; index: string }
  | { kind: 'full'; most: number };

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly failure: StorageFailure;

  constructor(failure: StorageFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}
