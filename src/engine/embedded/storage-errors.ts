import { showDoc } from './bson/show.ts';
import { Doc } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { StorageError } from './storage/errors.ts';

/** Says what storage refused in MongoDB's terms; other errors are thrown on as they are. */
export function translateStorageError(error: unknown, namespace: string): unknown {
  if (!(error instanceof StorageError)) return error;
  const { failure } = error;
  switch (failure.kind) {
    case 'duplicate-key': {
      const collation = failure.collation ? ` collation: ${showDoc(failure.collation)}` : '';
      const extra = Doc.of({ keyPattern: failure.pattern, keyValue: failure.values });
      return new MongoError('DuplicateKey', `E11000 duplicate key error collection: ${namespace} index: ${failure.index}${collation} dup key: ${showDoc(failure.values)}`, extra);
    }
    case 'parallel-arrays': return new MongoError(171, `cannot index parallel arrays [${failure.first}] [${failure.second}]`);
    case 'hashed-array': return new MongoError(16766, 'hashed indexes do not currently support array values');
    case 'wildcard-array': return new MongoError(7246301, 'A compound wildcard index cannot have an array in a field that is not the wildcard');
    case 'too-large': return new MongoError('BSONObjectTooLarge', `object to insert too large. size in bytes: ${failure.bytes}, max size: 16777216`);
    case 'full': return new MongoError('OutOfDiskSpace', `No space left: this server was told to store no more than ${failure.most} bytes.`);
  }
}
