import { object, readArguments, required, text } from '../arguments.ts';
import { repeatsNames } from '../bson/decode.ts';
import { Doc, typeName } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { checkCollectionName, checkDatabaseName } from '../namespace.ts';
import type { StageDefinition } from '../pipeline.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/out/ */
export const stage: StageDefinition = {
  parse(argument, { access, origin }) {
    if (typeof argument !== 'string' && !(argument instanceof Doc)) throw new MongoError(16990, `$out only supports a string or object argument, but found ${typeName(argument)}`);
    if (argument instanceof Doc && repeatsNames(argument)) throw new MongoError(40413, "a BSON field of '$out' is a duplicate field");
    const args = typeof argument === 'string'
      ? { coll: argument }
      : readArguments('$out', argument, { db: required(text), coll: required(text), timeseries: object });
    if ('timeseries' in args && args.timeseries) throw new MongoError('NotImplemented', '$out to a time series collection is not supported by this server');
    const database = 'db' in args ? args.db : undefined;
    checkTarget(database ?? origin?.database ?? '', args.coll, database !== undefined);
    return {
      writes: true,
      run(input) {
        access.output(args.coll, database).replaceAll(input);
        return [];
      },
    };
  },
};

/** @throws MongoError where that is no collection that `$out` may make */
function checkTarget(database: string, collection: string, named: boolean): void {
  if (named) checkDatabaseName(database);
  if (collection.startsWith('system.')) throw new MongoError(17385, `Can't $out to special collection: ${collection}`);
  if (['admin', 'config', 'local'].includes(database)) throw new MongoError(31321, `Can't $out to internal database: ${database}`);
  if (collection !== '' && (collection.includes('$') || Buffer.byteLength(`${database}.${collection}`) > 255)) throw new MongoError('IllegalOperation', `error with target namespace: Invalid collection name: ${database}.${collection}`);
  checkCollectionName(database, collection);
}
