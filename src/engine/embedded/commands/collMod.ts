import { anything, array, bool, integer, object, readArguments, text, type ArgumentFields } from '../arguments.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { changeIndex } from '../index-changes.ts';
import { collectionName } from '../namespace.ts';
import type { Collection, Validator } from '../storage/collection.ts';
import { readImages } from '../pre-images.ts';
import { cappedOptions, readExpiry } from '../create-options.ts';
import { checkValidated, parseValidator, validationActions, validationLevels } from '../validator.ts';
import { checkView } from '../views.ts';

const fields = {
  collMod: anything, index: object, validator: object, validationLevel: validationLevels, validationAction: validationActions, viewOn: text, pipeline: array,
  dryRun: bool, cappedSize: integer({ min: 1, max: 2 ** 50 }), cappedMax: integer({ max: 0x7fffffff }), changeStreamPreAndPostImages: object, timeseries: anything, expireAfterSeconds: anything,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/collMod/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: modify };

function modify({ server, database, body }: CommandContext): Doc {
  const name = collectionName('collMod', database, body.get('collMod'));
  const args = readArguments('collMod', body, fields, isGeneric);
  const view = server.store.view(database, name);
  if (view) {
    const notForViews = (['index', 'validator', 'validationLevel', 'validationAction', 'changeStreamPreAndPostImages', 'expireAfterSeconds', 'cappedSize', 'cappedMax'] as const).find((option) => args[option] !== undefined);
    if (notForViews) throw new MongoError('InvalidOptions', `option not supported on a view: ${notForViews}`);
    const on = args.viewOn ?? view.on;
    const pipeline = checkView(server, database, name, on, args.pipeline ?? view.pipeline);
    server.store.changeView(database, view, on, pipeline);
    return new Doc();
  }
  if (args.validator) checkValidated(database, name);
  const collection = server.store.collection(database, name);
  if (!collection) throw new MongoError('NamespaceNotFound', `ns does not exist: ${database}.${name}`);
  if (args.timeseries !== undefined) throw new MongoError('InvalidOptions', 'option only supported on a time-series collection: timeseries');
  const expiry = args.expireAfterSeconds === undefined ? undefined : { seconds: readExpiry(args.expireAfterSeconds) };
  if (expiry && !collection.clustered) throw new MongoError('InvalidOptions', 'option only supported on a time-series or clustered collection: expireAfterSeconds');
  if (args.viewOn !== undefined || args.pipeline !== undefined) throw new MongoError('InvalidOptions', `option not supported on a collection: viewOn`);
  if (args.dryRun && !args.index) throw new MongoError('InvalidOptions', 'dryRun mode is only supported for a conversion to a unique index');
  if ((args.cappedSize !== undefined || args.cappedMax !== undefined) && !collection.capped) throw new MongoError('InvalidOptions', 'Collection must be capped.');
  // What is wrong with an index is found before anything changes.
  const reply = args.index ? changeIndex(collection, args.index, args.dryRun ?? false) : new Doc();
  if (expiry) changeExpiry(collection, expiry.seconds);
  if (collection.capped) changeCapped(collection, collection.capped, args);
  if (args.changeStreamPreAndPostImages) changeImages(collection, args.changeStreamPreAndPostImages);
  if (args.validator || args.validationLevel !== undefined || args.validationAction !== undefined) changeValidator(collection, args);
  const description = new Doc([...body].filter(([field]) => Object.hasOwn(fields, field) && field !== 'collMod'));
  server.replicaSet?.oplog.add({ kind: 'modify', database, collection: name, uuid: collection.uuid, description });
  return reply;
}

function changeExpiry(collection: Collection, seconds: number | undefined): void {
  collection.expireAfterSeconds = seconds;
  const changed = new Doc(collection.options);
  if (seconds === undefined) changed.delete('expireAfterSeconds');
  else changed.set('expireAfterSeconds', BigInt(seconds));
  collection.options = changed;
}

function changeCapped(collection: Collection, capped: { bytes: number; documents: number }, { cappedSize, cappedMax }: { cappedSize?: number | undefined; cappedMax?: number | undefined }): void {
  if (cappedSize !== undefined) capped.bytes = cappedSize;
  if (cappedMax !== undefined) capped.documents = cappedMax > 0 ? cappedMax : Infinity;
  if (cappedSize === undefined && cappedMax === undefined) return;
  const others = [...collection.options].filter(([name]) => !['capped', 'size', 'max'].includes(name));
  collection.options = new Doc([...cappedOptions(capped.bytes, Number.isFinite(capped.documents) ? capped.documents : undefined), ...others]);
}

function changeImages(collection: Collection, argument: Doc): void {
  collection.preImages = readImages(argument);
  const changed = new Doc(collection.options);
  if (collection.preImages) changed.set('changeStreamPreAndPostImages', Doc.of({ enabled: true }));
  else changed.delete('changeStreamPreAndPostImages');
  collection.options = changed;
}

function changeValidator(collection: Collection, args: { validator?: Doc | undefined; validationLevel?: Validator['level'] | undefined; validationAction?: Validator['action'] | undefined }): void {
  const { options } = collection;
  const query = args.validator ?? collection.validator?.query ?? new Doc();
  const level = args.validationLevel ?? validationLevels.parse(options.get('validationLevel') ?? 'strict', 'validationLevel');
  const action = args.validationAction ?? validationActions.parse(options.get('validationAction') ?? 'error', 'validationAction');
  collection.validator = parseValidator(query, level, action, collection.collation?.collation);
  const changed = new Doc(options);
  if (query.size > 0) changed.set('validator', query);
  else changed.delete('validator');
  collection.options = changed.set('validationLevel', level).set('validationAction', action) as Doc;
}
