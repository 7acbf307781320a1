import { anything, array, bool, integer, object, readArguments, strictBool, text, type ArgumentFields, type Arguments } from '../arguments.ts';
import { compareValues } from '../bson/compare.ts';
import { showDoc } from '../bson/show.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { cappedMax, cappedOptions, cappedSize, clusteredIndex, expiry, readIndexDefaults } from '../create-options.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { fullCollation, parseIndexSpec } from '../index-specs.ts';
import { checkNewCollectionName, collectionName } from '../namespace.ts';
import { parseCollation } from '../operation.ts';
import { readImages } from '../pre-images.ts';
import { checkStorageEngine } from '../storage-engine.ts';
import { checkValidated, parseValidator, validationLevels, validationActions } from '../validator.ts';
import { createView } from '../views.ts';
import { createCollection } from '../write-access.ts';

const fields = {
  create: anything, capped: bool, autoIndexId: bool, idIndex: object, size: cappedSize, max: cappedMax, storageEngine: object, validator: object,
  validationLevel: validationLevels, validationAction: validationActions, indexOptionDefaults: object, viewOn: text, pipeline: array, collation: object,
  encryptedFields: object, changeStreamPreAndPostImages: object, timeseries: object, clusteredIndex, expireAfterSeconds: expiry,
  temp: strictBool, flags: integer(), recordIdsReplicated: bool,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/create/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: create };

function create(context: CommandContext): Doc {
  const { server, database, body } = context;
  const name = collectionName('create', database, body.get('create'));
  const args = readArguments('create', body, fields, isGeneric);
  checkNewCollectionName(database, name);
  checkOptions(args, body);
  if (args.viewOn !== undefined) return createView(context, name, args.viewOn, args.pipeline ?? [], args.collation);
  const options = collectionOptions(args);
  const collation = args.collation && parseCollation(args.collation);
  if (args.validator) checkValidated(database, name);
  const validator = args.validator && parseValidator(args.validator, args.validationLevel, args.validationAction, collation);
  if (args.idIndex) checkIdIndex(args.idIndex, options);
  if (server.store.view(database, name)) throw new MongoError('NamespaceExists', `A view already exists. NS: ${database}.${name}`);
  const existing = server.store.collection(database, name);
  if (existing) {
    if (server.transactional) throw new MongoError('NamespaceExists', `Collection ${database}.${name} already exists.`);
    if (compareValues(existing.options, options) === 0) return new Doc();
    throw new MongoError('NamespaceExists', `namespace ${database}.${name} already exists, but with different options: ${showDoc(existing.options)}`);
  }
  const collection = createCollection(server, database, name, {
    collation: collation && { options: options.get('collation') as Doc, collation },
    clustered: args.clusteredIndex,
  });
  collection.options = options;
  collection.validator = validator;
  collection.preImages = readImages(args.changeStreamPreAndPostImages);
  collection.expireAfterSeconds = args.expireAfterSeconds;
  if (args.capped) collection.capped = { bytes: args.size ?? 0, documents: args.max && args.max > 0 ? args.max : Infinity };
  return new Doc();
}

function checkIdIndex(idIndex: Doc, options: Doc): void {
  const key = idIndex.get('key');
  if (key instanceof Doc && typeof key.get('_id') === 'string') throw new MongoError('BadValue', "The field 'key' for an _id index must be {_id: 1}");
  const spec = parseIndexSpec(idIndex, undefined);
  if (spec.name !== '_id_' || spec.pattern.size !== 1) throw new MongoError('BadValue', "The field 'key' for an _id index must be {_id: 1}");
  if (idIndex.has('background')) throw new MongoError('InvalidIndexSpecificationOption', `The field 'background' is not valid for an _id index specification. Specification: ${showDoc(idIndex)}`);
  if (spec.collation && compareValues(spec.collation.options, options.get('collation') ?? null) !== 0) {
    throw new MongoError('BadValue', "The 'collation' of an _id index has to be that of its collection");
  }
}

/** @throws MongoError where options do not go together, or are not for this server */
function checkOptions(args: Arguments<typeof fields>, body: Doc): void {
  const invalid = (message: string): MongoError => new MongoError('InvalidOptions', message);
  if ((body.get('clusteredIndex') ?? null) !== null) checkClustered(args);
  if (args.viewOn !== undefined) {
    for (const option of ['idIndex', 'expireAfterSeconds'] as const) if (args[option] !== undefined) throw invalid(`Cannot specify '${option}' for a view`);
    if (readImages(args.changeStreamPreAndPostImages)) throw invalid("Cannot specify 'changeStreamPreAndPostImages' for a view");
  } else if (args.pipeline) throw invalid("'pipeline' requires 'viewOn' to also be specified");
  if (args.expireAfterSeconds !== undefined && !args.clusteredIndex && !args.timeseries) throw invalid("'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified");
  checkStorageEngine(args.storageEngine);
  readIndexDefaults(args.indexOptionDefaults);
  for (const option of ['timeseries', 'encryptedFields'] as const) {
    if (args[option] !== undefined) throw new MongoError('NotImplemented', `create with ${option} is not supported by this server`);
  }
  if (args.autoIndexId === false) throw invalid('The autoIndexId option is no longer supported');
  if (args.capped && args.size === undefined) throw invalid("the 'size' field is required when 'capped' is true");
  if (!args.capped && (args.size !== undefined || args.max !== undefined)) {
    throw invalid("the 'capped' field needs to be true when either the 'size' or 'max' fields are present");
  }
  if (args.capped && (args.size as number) <= 0) throw new MongoError('BadValue', "'size' has to be positive");
}

function checkClustered(args: Arguments<typeof fields>): void {
  if (args.capped) throw new MongoError(6049200, "A capped collection cannot be created with the 'clusteredIndex' option");
  if (args.viewOn !== undefined) throw new MongoError(6026500, "The 'clusteredIndex' option is not supported with views");
  if (args.clusteredIndex && args.max !== undefined) throw new MongoError(6049204, "The 'max' option is not supported on a clustered collection");
  for (const option of ['idIndex', 'autoIndexId'] as const) {
    if (args[option] !== undefined) throw new MongoError('InvalidOptions', `The '${option}' option is not supported with the 'clusteredIndex' option`);
  }
}

/** What `listCollections` shows. */
function collectionOptions(args: Arguments<typeof fields>): Doc {
  const options = new Doc(args.capped ? cappedOptions(args.size as number, args.max) : []);
  if (args.storageEngine && args.storageEngine.size > 0) options.set('storageEngine', args.storageEngine);
  if (args.validator) options.set('validator', args.validator);
  for (const [option, usual] of [['validationLevel', 'strict'], ['validationAction', 'error']] as const) {
    const value = args[option] ?? (args.validator ? usual : undefined);
    if (value !== undefined) options.set(option, value);
  }
  if (args.collation && parseCollation(args.collation)) options.set('collation', fullCollation(args.collation));
  if (readImages(args.changeStreamPreAndPostImages)) options.set('changeStreamPreAndPostImages', Doc.of({ enabled: true }));
  const defaults = readIndexDefaults(args.indexOptionDefaults);
  if (defaults) options.set('indexOptionDefaults', defaults);
  if (args.clusteredIndex) options.set('clusteredIndex', args.clusteredIndex.options);
  if (args.expireAfterSeconds !== undefined) options.set('expireAfterSeconds', BigInt(args.expireAfterSeconds));
  return options;
}
