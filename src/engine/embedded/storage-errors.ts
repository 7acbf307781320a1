import { int32 } from './bson/decode.ts';
import { toDouble } from './bson/number.ts';
import { showDoc } from './bson/show.ts';
import { Doc, isNumeric } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { StorageError } from './storage/errors.ts';

/** Says what storage refused in MongoDB's terms; other errors are thrown on as they are. */
export function translateStorageError(error: unknown, namespace: string): unknown {
  if (!(error instanceof StorageError)) return error;
  const { failure } = error;
  switch (failure.kind) {
    case 'duplicate-key': {
      if (failure.clustered) return clusteredDuplicate(failure.values, namespace);
      const collation = failure.collation ? ` collation: ${showDoc(failure.collation)}` : '';
      const extra = Doc.of({ keyPattern: failure.pattern, keyValue: failure.values });
      return new MongoError('DuplicateKey', `E11000 duplicate key error collection: ${namespace} index: ${failure.index}${collation} dup key: ${showDoc(failure.values)}`, extra);
    }
    case 'parallel-arrays': return new MongoError(171, `cannot index parallel arrays [${failure.first}] [${failure.second}]`);
    case 'hashed-array': return new MongoError(16766, 'hashed indexes do not currently support array values');
    case 'wildcard-array': return new MongoError(7246301, 'A compound wildcard index cannot have an array in a field that is not the wildcard');
    case 'id-too-large': return new MongoError(5894900, 'RecordId exceeds maximum allowed size for a clustered collection: 8MB');
    case 'too-large': return new MongoError('BSONObjectTooLarge', `object to insert too large. size in bytes: ${failure.bytes}, max size: 16777216`);
    case 'index-dropped': return new MongoError('QueryPlanKilled', `index '${failure.index}' dropped`);
    case 'full': return new MongoError('OutOfDiskSpace', `No space left: this server was told to store no more than ${failure.most} bytes.`);
  }
}

/** MongoDB makes this message of the record's number, and cannot where that is not a finite number. */
function clusteredDuplicate(values: Doc, namespace: string): MongoError {
  const id = values.get('_id');
  if (isNumeric(id) && Number.isNaN(toDouble(id))) return new MongoError(50819, 'Invalid type code for a NaN in a record id');
  if (isNumeric(id) && !Number.isFinite(toDouble(id))) return new MongoError(50826, 'Invalid type code for an infinity in a record id');
  const pattern = Doc.of({ _id: int32(1) });
  return new MongoError('DuplicateKey', `E11000 duplicate key error collection: ${namespace} dup key: ${showDoc(values)}`, Doc.of({ keyPattern: pattern, keyValue: values }));
}
