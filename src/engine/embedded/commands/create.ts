import { anything, array, bool, integer, object, readArguments, strictBool, text, type ArgumentFields, type Arguments } from '../arguments.ts';
import { compareValues } from '../bson/compare.ts';
import { showDoc } from '../bson/show.ts';
import { Doc } from '../bson/value.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { MongoError } from '../errors.ts';
import { isGeneric } from '../generic-arguments.ts';
import { fullCollation, parseIndexSpec } from '../index-specs.ts';
import { checkNewCollectionName, collectionName } from '../namespace.ts';
import { parseCollation } from '../operation.ts';
import { readImages } from '../pre-images.ts';
import { parseValidator } from '../validator.ts';
import { createView } from '../views.ts';
import { createCollection } from '../write-access.ts';

const fields = {
  create: anything, capped: bool, autoIndexId: bool, idIndex: object, size: integer(), max: integer(), storageEngine: object, validator: object,
  validationLevel: text, validationAction: text, indexOptionDefaults: object, viewOn: text, pipeline: array, collation: object,
  encryptedFields: object, changeStreamPreAndPostImages: object, timeseries: object, clusteredIndex: anything, expireAfterSeconds: anything,
  temp: strictBool, flags: integer(), recordIdsReplicated: bool,
} satisfies ArgumentFields;

/** https://www.mongodb.com/docs/manual/reference/command/create/ */
export const command: CommandDefinition = { stable: true, writes: true, fields, run: create };

function create(context: CommandContext): Doc {
  const { server, database, body } = context;
  const name = collectionName('create', database, body.get('create'));
  const args = readArguments('create', body, fields, isGeneric);
  checkNewCollectionName(database, name);
  refuseUnsupported(args);
  if (args.viewOn !== undefined && args.idIndex) throw new MongoError('InvalidOptions', "Cannot specify 'idIndex' for a view");
  if (args.viewOn !== undefined) return createView(context, name, args.viewOn, args.pipeline ?? [], args.collation);
  if (args.pipeline) throw new MongoError('InvalidOptions', "'pipeline' requires 'viewOn' to also be specified");
  const options = collectionOptions(args);
  const collation = args.collation && parseCollation(args.collation);
  const validator = args.validator && parseValidator(args.validator, args.validationLevel, args.validationAction, collation);
  if (args.idIndex) checkIdIndex(args.idIndex);
  if (server.store.view(database, name)) throw new MongoError('NamespaceExists', `A view already exists. NS: ${database}.${name}`);
  const existing = server.store.collection(database, name);
  if (existing) {
    if (compareValues(existing.options, options) === 0) return new Doc();
    throw new MongoError('NamespaceExists', `namespace ${database}.${name} already exists, but with different options: ${showDoc(existing.options)}`);
  }
  const collection = createCollection(server, database, name, collation && { options: options.get('collation') as Doc, collation });
  collection.options = options;
  collection.validator = validator;
  collection.preImages = readImages(args.changeStreamPreAndPostImages);
  if (args.capped) collection.capped = { bytes: args.size ?? 0, documents: args.max && args.max > 0 ? args.max : Infinity };
  return new Doc();
}

function checkIdIndex(idIndex: Doc): void {
  const spec = parseIndexSpec(idIndex, undefined);
  if (spec.name !== '_id_' || spec.pattern.size !== 1) throw new MongoError('BadValue', "The field 'key' for an _id index must be {_id: 1}");
}

function refuseUnsupported(args: Arguments<typeof fields>): void {
  for (const option of ['timeseries', 'encryptedFields', 'clusteredIndex', 'expireAfterSeconds'] as const) {
    if (args[option] !== undefined) throw new MongoError('NotImplemented', `create with ${option} is not supported by this server`);
  }
  if (args.autoIndexId === false) throw new MongoError('InvalidOptions', 'The autoIndexId option is no longer supported');
  if (args.capped && args.size === undefined) throw new MongoError('InvalidOptions', "the 'size' field is required when 'capped' is true");
  if (!args.capped && (args.size !== undefined || args.max !== undefined)) {
    throw new MongoError('InvalidOptions', "the 'capped' field needs to be true when either the 'size' or 'max' fields are present");
  }
  if (args.capped && (args.size as number) <= 0) throw new MongoError('BadValue', "'size' has to be positive");
}

/** What `listCollections` shows. */
function collectionOptions(args: Arguments<typeof fields>): Doc {
  const options = new Doc();
  if (args.capped) {
    options.set('capped', true).set('size', BigInt(Math.ceil((args.size as number) / 256) * 256));
    if (args.max !== undefined && args.max > 0) options.set('max', BigInt(args.max));
  }
  if (args.validator) {
    options.set('validator', args.validator).set('validationLevel', args.validationLevel ?? 'strict').set('validationAction', args.validationAction ?? 'error');
  }
  if (args.collation) options.set('collation', fullCollation(args.collation));
  if (readImages(args.changeStreamPreAndPostImages)) options.set('changeStreamPreAndPostImages', Doc.of({ enabled: true }));
  if (args.storageEngine) options.set('storageEngine', args.storageEngine);
  if (args.indexOptionDefaults) options.set('indexOptionDefaults', args.indexOptionDefaults);
  return options;
}
