import { anything, array, object, readArguments, text, type ArgumentFields } from '../arguments.ts';
import { bool } from '../arguments.ts';
import { int32 } from '../bson/decode.ts';
import { toDouble } from '../bson/number.ts';
import { showDoc } from '../bson/show.ts';
import { Doc, isNumeric } from '../bson/value.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { indexOfPattern } from '../find-documents.ts';
import { isGeneric } from '../generic-arguments.ts';
import { collectionName } from '../namespace.ts';
import type { Collection } from '../storage/collection.ts';
import { readImages } from '../pre-images.ts';
import { parseValidator } from '../validator.ts';

const fields = {
  collMod: anything, index: object, validator: object, validationLevel: text, validationAction: text, viewOn: text, pipeline: array,
  dryRun: bool, cappedSize: anything, cappedMax: anything, changeStreamPreAndPostImages: object, timeseries: anything, expireAfterSeconds: anything,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/collMod/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: modify };

function modify({ server, database, body }: CommandContext): Doc {
  const name = collectionName('collMod', database, body.get('collMod'));
  const args = readArguments('collMod', body, fields, isGeneric);
  const view = server.store.view(database, name);
  if (view) {
    view.on = args.viewOn ?? view.on;
    view.pipeline = args.pipeline ?? view.pipeline;
    view.options.set('viewOn', view.on).set('pipeline', view.pipeline);
    return new Doc();
  }
  const collection = server.store.collection(database, name);
  if (!collection) throw new MongoError('NamespaceNotFound', `ns does not exist: ${database}.${name}`);
  for (const option of ['cappedSize', 'cappedMax', 'timeseries', 'expireAfterSeconds'] as const) {
    if (args[option] !== undefined) throw new MongoError('NotImplemented', `collMod with ${option} is not supported by this server`);
  }
  if (args.viewOn !== undefined || args.pipeline !== undefined) throw new MongoError('InvalidOptions', `option not supported on a collection: viewOn`);
  if (args.changeStreamPreAndPostImages) {
    collection.preImages = readImages(args.changeStreamPreAndPostImages);
    const changed = new Doc(collection.options);
    if (collection.preImages) changed.set('changeStreamPreAndPostImages', Doc.of({ enabled: true }));
    else changed.delete('changeStreamPreAndPostImages');
    collection.options = changed;
  }
  if (args.validator || args.validationLevel !== undefined || args.validationAction !== undefined) changeValidator(collection, args);
  const reply = args.index ? changeIndex(collection, args.index) : new Doc();
  const description = new Doc([...body].filter(([field]) => Object.hasOwn(fields, field) && field !== 'collMod'));
  server.replicaSet?.oplog.add({ kind: 'modify', database, collection: name, uuid: collection.uuid, description });
  return reply;
}

function changeValidator(collection: Collection, args: { validator?: Doc | undefined; validationLevel?: string | undefined; validationAction?: string | undefined }): void {
  const { options } = collection;
  const known = (name: string): string | undefined => { const value = options.get(name); return typeof value === 'string' ? value : undefined; };
  const query = args.validator ?? collection.validator?.query ?? new Doc();
  const level = args.validationLevel ?? known('validationLevel') ?? 'strict';
  const action = args.validationAction ?? known('validationAction') ?? 'error';
  collection.validator = parseValidator(query, level, action, collection.collation?.collation);
  const changed = new Doc(options);
  if (query.size > 0) changed.set('validator', query);
  else changed.delete('validator');
  collection.options = changed.set('validationLevel', level).set('validationAction', action) as Doc;
}

const indexFields = { keyPattern: object, name: text, expireAfterSeconds: anything, hidden: bool, unique: bool, prepareUnique: bool } satisfies ArgumentFields;

function changeIndex(collection: Collection, argument: Doc): Doc {
  const args = readArguments('collMod.index', argument, indexFields);
  if (args.name !== undefined && args.keyPattern) throw new MongoError('InvalidOptions', "Cannot specify both key pattern and name.");
  if (args.name === undefined && !args.keyPattern) throw new MongoError('InvalidOptions', "Must specify either index name or key pattern.");
  if (args.unique !== undefined || args.prepareUnique !== undefined) throw new MongoError('NotImplemented', 'collMod to a unique index is not supported by this server');
  if (args.expireAfterSeconds === undefined && args.hidden === undefined) throw new MongoError('InvalidOptions', 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  const index = args.name === undefined ? indexOfPattern(collection, args.keyPattern as Doc) : collection.indexes.get(args.name);
  if (!index) {
    throw new MongoError('IndexNotFound', `cannot find index ${args.name ?? showDoc(args.keyPattern as Doc)} for ns ${collection.name}`);
  }
  const reply = new Doc();
  const shown = new Doc(index.spec.shown);
  let { hidden, expireAfterSeconds } = index.spec;
  if (args.hidden !== undefined && index.spec.name === '_id_') throw new MongoError('BadValue', "can't hide _id index");
  if (args.hidden !== undefined && args.hidden !== hidden) {
    reply.set('hidden_old', hidden).set('hidden_new', args.hidden);
    ({ hidden } = args as { hidden: boolean });
    if (hidden) shown.set('hidden', true);
    else shown.delete('hidden');
  }
  if (args.expireAfterSeconds !== undefined) {
    if (!isNumeric(args.expireAfterSeconds)) throw new MongoError('InvalidOptions', 'expireAfterSeconds field must be a number');
    if (expireAfterSeconds !== undefined) reply.set('expireAfterSeconds_old', BigInt(expireAfterSeconds));
    expireAfterSeconds = Math.trunc(toDouble(args.expireAfterSeconds));
    reply.set('expireAfterSeconds_new', BigInt(expireAfterSeconds));
    shown.set('expireAfterSeconds', int32(expireAfterSeconds));
  }
  // MongoDB makes the index's record anew, and counts anew.
  if (hidden !== index.spec.hidden) index.uses = { count: 0, since: Date.now() };
  index.change({ ...index.spec, hidden, expireAfterSeconds, shown });
  return reply;
}
