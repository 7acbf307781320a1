import { BSON, type ObjectId } from '../wire/bson.ts';

type Document = Record<string, unknown>;

const mostText = 200;
const mostString = 60;
const mostItems = 5;

/**
 * A command as somebody would type it in mongosh: `db.test_data.find({ source: "a" }).limit(5)`. Long values are cut,
 * control characters escaped: what a submission sent is untrusted.
 */
export function mongoshText(command: Document): string {
  const name = Object.keys(command)[0] ?? '';
  const describe = descriptions[name];
  const text = describe ? describe(command) : undefined;
  return cap(text ?? `db.runCommand(${show(withoutPlumbing(command))})`, mostText);
}

const plumbing = new Set(['lsid', '$db', '$clusterTime', '$readPreference', 'txnNumber', 'apiVersion', 'readConcern', 'writeConcern', 'maxTimeMS']);

function withoutPlumbing(command: Document): Document {
  return Object.fromEntries(Object.entries(command).filter(([name]) => !plumbing.has(name)));
}

const on = (name: unknown): string => (/^[A-Za-z_$][\w$]*$/.test(String(name)) ? `db.${String(name)}` : `db.getCollection(${JSON.stringify(name)})`);
const list = (value: unknown): Document[] => (Array.isArray(value) ? (value as Document[]) : []);
const given = (value: unknown): boolean => value !== undefined && value !== null && !(isPlain(value) && Object.keys(value).length === 0);
const call = (collection: unknown, method: string, ...args: unknown[]): string => {
  while (args.length > 0 && !given(args.at(-1))) args.pop();
  return `${on(collection)}.${method}(${args.map((arg) => show(arg ?? {})).join(', ')})`;
};

function find(command: Document): string {
  const one = command.limit === 1 && command.singleBatch === true;
  const parts = [call(command.find, one ? 'findOne' : 'find', command.filter, command.projection)];
  if (given(command.sort)) parts.push(`.sort(${show(command.sort)})`);
  if (command.skip) parts.push(`.skip(${show(command.skip)})`);
  if (command.limit && !one) parts.push(`.limit(${show(command.limit)})`);
  return parts.join('');
}

function update(command: Document): string | undefined {
  const [first, ...others] = list(command.updates);
  if (!first || others.length > 0) return first ? call(command.update, 'bulkWrite', list(command.updates)) : undefined;
  const replacement = isPlain(first.u) && !Object.keys(first.u)[0]?.startsWith('$');
  const method = replacement ? 'replaceOne' : first.multi === true ? 'updateMany' : 'updateOne';
  return call(command.update, method, first.q, first.u, options(first, ['upsert', 'arrayFilters']));
}

function findAndModify(command: Document): string {
  const collection = command.findAndModify ?? command.findandmodify;
  if (command.remove === true) return call(collection, 'findOneAndDelete', command.query);
  const replacement = isPlain(command.update) && !Object.keys(command.update)[0]?.startsWith('$');
  return call(collection, replacement ? 'findOneAndReplace' : 'findOneAndUpdate', command.query, command.update, options(command, ['upsert', 'new', 'sort']));
}

function remove(command: Document): string | undefined {
  const [first, ...others] = list(command.deletes);
  if (!first || others.length > 0) return first ? call(command.delete, 'bulkWrite', list(command.deletes)) : undefined;
  return call(command.delete, first.limit === 1 ? 'deleteOne' : 'deleteMany', first.q ?? {}) || undefined;
}

function options(from: Document, names: readonly string[]): Document {
  return Object.fromEntries(names.filter((name) => given(from[name]) && from[name] !== false).map((name) => [name, from[name]]));
}

const descriptions: Record<string, (command: Document) => string | undefined> = {
  find,
  update,
  findAndModify,
  findandmodify: findAndModify,
  delete: remove,
  insert: (command) => {
    const documents = list(command.documents);
    return documents.length === 1 ? call(command.insert, 'insertOne', documents[0]) : call(command.insert, 'insertMany', documents);
  },
  aggregate: (command) => (typeof command.aggregate === 'string' ? call(command.aggregate, 'aggregate', command.pipeline) : undefined),
  count: (command) => call(command.count, 'count', command.query),
  distinct: (command) => `${on(command.distinct)}.distinct(${[command.key, ...(given(command.query) ? [command.query] : [])].map(show).join(', ')})`,
  createIndexes: (command) => list(command.indexes).map((index) => call(command.createIndexes, 'createIndex', index.key, options(index, ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression']))).join('; '),
  getMore: (command) => `${on(command.collection)}: the next batch of a cursor (getMore)`,
  hello: () => 'db.hello()',
  isMaster: () => 'db.hello()',
  ismaster: () => 'db.hello()',
  ping: () => 'db.adminCommand({ ping: 1 })',
  endSessions: () => 'the client says goodbye (endSessions)',
  create: (command) => `db.createCollection(${show(command.create)}${given(command.validator) ? `, ${show({ validator: command.validator })}` : ''})`,
  drop: (command) => `${on(command.drop)}.drop()`,
};

const isPlain = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('_bsontype' in value) && !(value instanceof Date) && !(value instanceof RegExp);

/** A value in mongosh's syntax, on one line. */
export function show(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(cap(value, mostString));
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `NumberLong("${value}")`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'ISODate(invalid)' : `ISODate("${value.toISOString()}")`;
  if (value instanceof RegExp) return cap(escape(String(value)), mostString);
  if (depth > 6) return '…';
  if (Array.isArray(value)) return showArray(value, depth);
  if (typeof value !== 'object') return typeof value;
  if ('_bsontype' in value) return showBson(value as { _bsontype: string });
  const fields = Object.entries(value).map(([name, item]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(cap(name, mostString))}: ${show(item, depth + 1)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function showArray(items: readonly unknown[], depth: number): string {
  const shown = items.slice(0, mostItems).map((item) => show(item, depth + 1));
  if (items.length > mostItems) shown.push(`… ${items.length - mostItems} more`);
  return shown.length === 0 ? '[]' : `[${shown.join(', ')}]`;
}

function showBson(value: { _bsontype: string }): string {
  switch (value._bsontype) {
    case 'ObjectId': return `ObjectId("${(value as ObjectId).toHexString()}")`;
    case 'Long': return `NumberLong("${String(value)}")`;
    case 'Int32': case 'Double': return String(value);
    case 'Decimal128': return `NumberDecimal("${String(value)}")`;
    case 'BSONRegExp': return escape(`/${(value as BSON.BSONRegExp).pattern}/${(value as BSON.BSONRegExp).options}`);
    default: return cap(escape(BSON.EJSON.stringify(value as Document)), mostString);
  }
}

const escape = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

function cap(text: string, most: number): string {
  const clean = escape(text);
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`;
}

/** Field paths of a value, values left out: what makes two commands the same in shape. */
function paths(value: unknown, prefix: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) paths(item, `${prefix}[]`, into);
  } else if (isPlain(value)) {
    for (const [name, item] of Object.entries(value)) paths(item, prefix ? `${prefix}.${name}` : name, into);
    if (Object.keys(value).length === 0) into.add(prefix);
  } else {
    into.add(prefix);
  }
}

/** Name, collection and field paths of a command, values left out. */
export function shapeOf(command: Document): string {
  const [name = ''] = Object.keys(command);
  const fields = new Set<string>();
  for (const [key, value] of Object.entries(withoutPlumbing(command))) if (key !== name) paths(value, key, fields);
  return `${name} ${String(command[name])} ${[...fields].sort().join(' ')}`;
}
