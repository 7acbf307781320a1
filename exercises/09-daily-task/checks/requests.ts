import { check, type CheckContext, type CommandRecord, type Document } from 'mongo-course/checker';
import { wrongBodies } from '../bodies.ts';
import { another, ask, declared, deeperFields, hintFor, listed, packages, printed, type Declared } from '../declared.ts';
import { declaresItself } from './files.ts';

const options = { lesson: '10-daily-task-and-choosing#the-daily-task', needs: [declaresItself] };

/** Creates what `body` says, or fails the check. */
export async function create(t: CheckContext, task: Declared, body: Document): Promise<void> {
  const answer = await ask(t, task, task.routes.create, body);
  t.equal(answer.status, 201, { message: 'A right body was sent to the route that creates, and the answer is not 201.', cause: `${answer.status} for a right body`, hint: hintFor(await printed(t, task), answer), evidence: answer.evidence });
}

export const creates = check('create answers 201 and stores in the declared collection', options, async (t) => {
  const task = await declared(t);
  await create(t, task, task.valid);
  const stored = await t.db.collection(task.collection).find();
  t.equal(stored.length, 1, { message: `The valid example was sent and answered with 201, and in the collection ${task.collection} there is not one document now.`, cause: 'nothing is stored in the declared collection', hint: `The database is MONGO_DB_NAME, the collection ${task.collection}. It has: ${(await t.db.collectionNames()).join(', ') || 'no collections'}.`, evidence: t.tap.evidence(t.tap.writes()) });
  for (const [field, value] of Object.entries(task.valid)) {
    const { type } = task.fields[field] ?? {};
    if (type === undefined || type === 'date') continue;
    t.ok(stored[0] !== undefined && field in stored[0], { message: `The valid example was sent, and it is stored without ${field}.`, cause: 'a declared field is not stored', expected: { [field]: value }, actual: stored[0], hint: 'Documents are stored under the names in fields: no other name, no alias, not inside another object.', evidence: t.tap.evidence(t.tap.writes()) });
    t.equal(stored[0]?.[field], value, { message: `The valid example was sent, and another ${field} is stored.`, cause: 'another value is stored', evidence: t.tap.evidence(t.tap.writes()) });
  }
});

const needs = [...options.needs, creates];

export const lists = check('the list shows what was created, the newest 50 at least', { ...options, needs }, async (t) => {
  const task = await declared(t);
  for (let index = 0; index < 50; index++) await create(t, task, task.valid);
  const { items, answer } = await listed(t, task);
  const deeper = deeperFields(items, task);
  t.ok(deeper === undefined, { message: `The items are in the list, but their fields lie one level deeper, in "${deeper}": each item has to hold the declared fields directly.`, cause: 'the fields lie deeper', expected: Object.keys(task.fields), actual: Object.keys(items[0] ?? {}), evidence: answer.evidence });
  t.ok(items.length >= 50, { message: 'There are 50 of them, and the list shows fewer.', cause: 'the list shows too few', expected: 50, actual: items.length, evidence: answer.evidence });
  const { body, field, value } = another(t, task);
  await create(t, task, body);
  const now = await listed(t, task);
  t.ok(now.items.length >= 50 && (field === undefined || now.items.some((item) => item[field] === value)), { message: `One more was created, with another ${field ?? 'value'}, and the list does not show it: the newest 50 have to be in it.`, cause: 'the newest is not in the list', expected: value, hint: 'Sort from new to old before you cut: { _id: -1 }.', evidence: [...t.tap.evidence(t.tap.queries({ collection: task.collection }).slice(-1)), ...now.answer.evidence] });
  const newest = now.items.find((item) => field !== undefined && item[field] === value);
  const left = Object.keys(body).find((name) => newest !== undefined && task.fields[name] !== undefined && body[name] !== null && newest[name] === undefined);
  t.ok(left === undefined, { message: `What was created is in the list, but without its ${left}: each item holds the declared fields.`, cause: 'a declared field is not listed', expected: Object.keys(body), actual: Object.keys(newest ?? {}), hint: 'Is there a projection, a select, or a function that leaves it out?', evidence: now.answer.evidence });
});

async function refused(t: CheckContext, task: Declared, what: string, body: Document): Promise<void> {
  const answer = await ask(t, task, task.routes.create, body);
  const stored = (await t.db.collection(task.collection).findOne()) ?? undefined;
  t.equal(answer.status, 400, { message: `A body ${what} was sent, and the answer is not 400.`, cause: `${answer.status} for an invalid body`, hint: refusalHint(task, answer.status, body, stored), evidence: answer.evidence });
  t.equal(await t.db.collection(task.collection).count(), 0, { message: `A body ${what} was answered with 400, and stored nevertheless.`, cause: 'an invalid body is stored', hint: 'Check first, then store.', evidence: t.tap.evidence(t.tap.writes()) });
}

function refusalHint({ approach, fields }: Declared, status: number, body: Document, stored: Document | undefined): string {
  const cast = Object.keys(fields).find((field) => stored?.[field] !== undefined && body[field] !== undefined && fields[field]?.type !== 'date' && typeof stored[field] !== typeof body[field]);
  if (cast !== undefined && approach === 'mongoose') return `Mongoose casts: what came as ${kindOf(body[cast])} in ${cast} is stored as ${kindOf(stored?.[cast])}. Look at the types first, or turn it off: cast: false.`;
  if (status === 503) return 'A 503 says that the database is down. What refuses a value is a 400.';
  if (status >= 500) return 'What refuses a value ends up in your error handler: a ValidationError of Mongoose, what your own check throws. There it becomes a 400.';
  if (status >= 400) return 'The status is to be 400.';
  return approach === 'mongoose' ? 'Every rule of daily_task.json has to be in the schema, too: required, minlength, maxlength, min, max, enum; a whole number is validate: Number.isInteger.' : `Look at the body before you store it: ${approach === 'typeorm' ? 'TypeORM' : 'the driver'} checks nothing. Zod does it with one schema.`;
}

const kindOf = (value: unknown): string => (typeof value === 'string' ? 'a text' : typeof value === 'object' ? 'an object' : typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`);

export const refusesTheInvalidExample = check('the invalid example is answered with 400', { ...options, needs }, async (t) => {
  const task = await declared(t);
  await refused(t, task, 'that is your invalid example', task.invalid);
});

export const refusesWhatBreaksARule = check('a body that breaks a declared rule is answered with 400', { ...options, needs }, async (t) => {
  const task = await declared(t);
  for (const { what, body } of wrongBodies(task)) await refused(t, task, what, body);
});

export const usesItsLibrary = check('the data goes through the library of the approach', { ...options, needs }, async (t) => {
  const task = await declared(t);
  const name = packages[task.approach];
  const imported = (await t.sources()).some(({ path, text }) => /\.[cm]?[jt]s$/.test(path) && new RegExp(`(from|import|require)\\s*\\(?\\s*['"]${name}(/[^'"]*)?['"]`).test(text));
  t.ok(imported, { message: `The approach is ${task.approach}, and no file of yours imports ${name}.`, cause: 'the library is not imported', expected: `import … from '${name}'` });
  await create(t, task, task.valid);
  await listed(t, task);
  const clients = t.tap.clients().map(({ metadata }) => driverOf(metadata));
  t.ok(clients.some((driver) => libraryOf(driver) === name), { message: `The approach is ${task.approach}, and what talked to the database was ${[...new Set(clients.map(inWords))].join(', ') || 'nobody'}${name === 'mongodb' ? '' : `, not ${inWords(name)}`}.`, cause: 'another client than that of the approach', expected: name, actual: clients });
  const foreign = speakers(t, task.collection).find(({ driver }) => libraryOf(driver) !== name);
  t.ok(foreign === undefined, {
    message: `The approach is ${task.approach}, and its client is there; but what ${foreign?.reads ? 'reads' : 'writes'} ${task.collection} is another client beside it: ${inWords(foreign?.driver ?? '')}.`, cause: 'the data goes through another client', expected: name, actual: foreign?.driver,
    hint: `One client is enough: that of ${inWords(name)}. The collection, too, is asked through it.`, evidence: t.tap.evidence(foreign ? [foreign.command] : []),
  });
});

const driverOf = (metadata: unknown): string => String(((metadata as Document | undefined)?.driver as Document | undefined)?.name);

/** Who read and wrote a collection since the check began: a connection says at its first hello which driver it belongs to. */
function speakers(t: CheckContext, collection: string): { driver: string; reads: boolean; command: CommandRecord }[] {
  const drivers = new Map<number, string>();
  for (const { connection, command } of t.tap.commands({ names: ['hello', 'isMaster', 'ismaster'], since: 0 })) {
    if (command.client !== undefined && !drivers.has(connection)) drivers.set(connection, driverOf(command.client));
  }
  const asked = (commands: readonly CommandRecord[], reads: boolean) => commands.flatMap((command) => {
    const driver = drivers.get(command.connection);
    return driver === undefined ? [] : [{ driver, reads, command }];
  });
  return [...asked(t.tap.writes({ collection }), false), ...asked(t.tap.queries({ collection }), true)];
}

const libraryOf = (driver: string): string => (/mongoose/i.test(driver) ? 'mongoose' : /typeorm/i.test(driver) ? 'typeorm' : /nodejs/i.test(driver) ? 'mongodb' : driver);

function inWords(driver: string): string {
  const library = libraryOf(driver);
  return library === 'mongoose' ? 'Mongoose' : library === 'typeorm' ? 'TypeORM' : library === 'mongodb' ? `the mongodb driver itself (${driver})` : driver;
}

/** Creates three, one after the other, and gives the id of the second as the list shows it: what a request does to "any" of them, it does to the first or the last. */
export async function one(t: CheckContext, task: Declared): Promise<{ id: string; shown: (items: readonly Document[]) => Document | undefined; others: (items: readonly Document[]) => Document[] }> {
  const ids: string[] = [];
  for (const nth of ['first', 'second', 'third']) {
    await create(t, task, task.valid);
    const { items, answer } = await listed(t, task);
    const added = items.map((item) => item._id ?? item.id).find((id) => !ids.includes(String(id)));
    if (typeof added !== 'string' && typeof added !== 'number') return t.fail({ message: items.every((item) => (item._id ?? item.id) === undefined) ? 'What the list shows has neither _id nor id.' : `What was created as the ${nth} is not in the list with an id of its own.`, cause: 'no id in the list', evidence: answer.evidence });
    ids.push(String(added));
  }
  const id = ids[1] as string;
  const is = (item: Document): boolean => String(item._id ?? item.id) === id;
  return { id, shown: (all) => all.find(is), others: (all) => all.filter((item) => !is(item)) };
}

/** A route with an id in its path. */
export const filled = ({ method, path }: { method: string; path: string }, id: string): { method: string; path: string } => ({ method, path: path.replace(':id', id) });

export const updates = check('update changes one', { ...options, needs: [...needs, lists], bonus: true }, async (t) => {
  const task = await declared(t);
  if (!task.routes.update) return t.fail({ message: 'There is no route update in daily_task.json: a bonus.', cause: 'no update' });
  const { id, shown, others } = await one(t, task);
  const { body, field, value } = another(t, task);
  const answer = await ask(t, task, filled(task.routes.update, id), body);
  t.ok(answer.status >= 200 && answer.status < 300, { message: 'A right body was sent to the route that updates, and the answer is no 2xx.', cause: `${answer.status} for an update`, actual: answer.status, evidence: answer.evidence });
  const { items } = await listed(t, task);
  t.ok(shown(items) && (field === undefined || shown(items)?.[field] === value), { message: `After the update the list does not show the new ${field ?? 'values'}.`, cause: 'the update changes nothing', hint: 'The filter is the _id in the path: { _id: new ObjectId(req.params.id) }.', expected: value, actual: field === undefined ? undefined : shown(items)?.[field], evidence: t.tap.evidence(t.tap.writes().slice(-1)) });
  const rest = others(items);
  t.ok(rest.length === 2 && (field === undefined || rest.every((other) => other[field] !== value)), { message: `There were three, and one was updated. ${rest.length === 2 ? `Another one has the new ${field}, too` : 'Not all of the others are in the list any more'}.`, cause: 'the update changes others', hint: 'The filter is the _id in the path: { _id: new ObjectId(req.params.id) }.', evidence: t.tap.evidence(t.tap.writes().slice(-1)) });
});

export const deletes = check('delete removes one', { ...options, needs: [...needs, lists], bonus: true }, async (t) => {
  const task = await declared(t);
  if (!task.routes.delete) return t.fail({ message: 'There is no route delete in daily_task.json: a bonus.', cause: 'no delete' });
  const { id, shown, others } = await one(t, task);
  const answer = await ask(t, task, filled(task.routes.delete, id));
  t.ok(answer.status >= 200 && answer.status < 300, { message: 'The route that deletes was called, and the answer is no 2xx.', cause: `${answer.status} for a delete`, actual: answer.status, evidence: answer.evidence });
  const { items } = await listed(t, task);
  t.equal(shown(items), undefined, { message: 'After the delete the list still shows it.', cause: 'the delete removes nothing', hint: 'deleteOne({ _id: new ObjectId(req.params.id) }), or its like in your library.', evidence: t.tap.evidence(t.tap.writes().slice(-1)) });
  t.ok(others(items).length === 2, { message: 'There were three, and one was deleted. Not all of the others are in the list any more.', cause: 'the delete removes others', hint: 'deleteOne({ _id: new ObjectId(req.params.id) }), or its like in your library.', evidence: t.tap.evidence(t.tap.writes().slice(-1)) });
});
