import { anything, bool, object, readArguments, text, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition, Reply, Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { indexOfPattern } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { checkCollectionName, checkDatabaseName } from '../namespace.ts';
import type { Collection } from '../storage/collection.ts';
import type { Index } from '../storage/index.ts';
import { keyOf } from '../storage/key.ts';

const fields = { dataSize: anything, datasize: anything, keyPattern: object, min: object, max: object, estimate: bool } satisfies ArgumentFields;

/** How many bytes documents take, all or those between two keys. https://www.mongodb.com/docs/manual/reference/command/dataSize/ */
export const command: CommandDefinition = { aliases: ['datasize'], fields, run: dataSize };

function* dataSize({ server, body, name: called }: CommandContext): Work<Reply> {
  const began = performance.now();
  const namespace = body.get(called) ?? null;
  if (namespace === null) throw new MongoError(40414, "BSON field 'dataSize.dataSize' is missing but a required field");
  const [database, name] = splitNamespace(text.parse(namespace, 'dataSize.dataSize'));
  const { keyPattern, min = new Doc(), max = new Doc(), estimate = false } = readArguments('dataSize', body, fields, isGeneric);
  if (server.store.view(database, name)) throw new MongoError('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
  const collection = server.store.collection(database, name);
  const found = { size: 0, count: 0 };
  if (collection && collection.size > 0) {
    if ((min.size === 0) !== (max.size === 0)) throw new MongoError('BadValue', 'only one of min or max specified');
    const index = min.size > 0 ? indexFor(collection, keyPattern ?? min) : undefined;
    if (index) {
      for (const id of index.entries.scan({ low: keyFrom(index, min), high: keyFrom(index, max) })) {
        found.size += collection.get(id)?.length ?? 0;
        if (++found.count % 500 === 0) yield undefined;
      }
    } else {
      [found.size, found.count] = [collection.bytes, collection.size];
    }
  }
  return Doc.of({ estimate, size: BigInt(found.size), numObjects: BigInt(found.count), millis: BigInt(Math.round(performance.now() - began)) });
}

function splitNamespace(namespace: string): [string, string] {
  const dot = namespace.indexOf('.');
  if (dot === -1) throw new MongoError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
  const [database, name] = [namespace.slice(0, dot), namespace.slice(dot + 1)];
  checkDatabaseName(database);
  checkCollectionName(database, name);
  return [database, name];
}

/** An index that begins with these fields and holds each document once. */
function indexFor(collection: Collection, pattern: Doc): Index {
  const names = [...pattern.keys()];
  const begins = (index: Index): boolean => !index.spec.partial && !index.spec.sparse && !index.spec.wildcard && index.multikey.size === 0
    && names.every((name, at) => index.fields[at]?.path.text === name && !index.fields[at]?.hashed);
  const exact = indexOfPattern(collection, pattern);
  const found = exact && begins(exact) ? exact : [...collection.indexes.values()].find(begins);
  if (!found) throw new MongoError('OperationFailed', "couldn't find valid index containing key pattern");
  return found;
}

/** Where the keys with these values begin. */
const keyFrom = ({ fields: own, spec }: Index, values: Doc): string => own.slice(0, values.size).map(({ path, descending }) => keyOf(values.get(path.text), descending, spec.collation?.collation)).join('');
