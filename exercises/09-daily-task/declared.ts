import type { CheckContext, Document, HttpAnswer } from 'mongo-course/checker';

export interface Rule {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  required: boolean;
  minLength?: number;
  maxLength?: number;
  min?: number;
  max?: number;
}

export interface Route {
  method: string;
  path: string;
}

export interface Declared {
  approach: 'driver' | 'mongoose' | 'typeorm';
  collection: string;
  start: string;
  routes: { create: Route; list: Route; update?: Route; delete?: Route };
  fields: Record<string, Rule>;
  valid: Document;
  invalid: Document;
}

export const packages = { driver: 'mongodb', mongoose: 'mongoose', typeorm: 'typeorm' } as const;
const taken = ['greetings', 'test_data', 'logs', 'blog_posts', 'authors', 'blog_posts_with_ref', 'notes', 'posts', 'activity_logs'];
const types = ['string', 'integer', 'number', 'boolean', 'date'];

export async function textOf(t: CheckContext, file: string): Promise<string> {
  const found = (await t.sources()).find(({ path }) => path === file);
  return found ? found.text : t.fail({ message: `There is no ${file} in the folder.`, cause: `no ${file}` });
}

export async function jsonOf(t: CheckContext, file: string): Promise<Document> {
  const text = await textOf(t, file);
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return t.fail({ message: `${file} is no JSON: ${error.message}`, cause: `${file} is no JSON` });
  }
  return t.fail({ message: `${file} holds no JSON object.`, cause: `${file} is no object` });
}

const isObject = (value: unknown): value is Document => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What daily_task.json declares; fails where it does not declare what it has to. */
export async function declared(t: CheckContext): Promise<Declared> {
  const all = await jsonOf(t, 'daily_task.json');
  const want = (condition: boolean, entry: string, what: string): void => t.ok(condition, { message: `daily_task.json: ${entry} has to be ${what}.`, cause: `${entry} is not declared rightly`, expected: what, actual: entry.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), all) });
  want(Object.keys(packages).includes(String(all.approach)), 'approach', 'driver, mongoose or typeorm');
  want(typeof all.collection === 'string' && all.collection !== '' && !taken.includes(all.collection), 'collection', `a name, and none of the exercises' (${taken.join(', ')})`);
  want(typeof all.start === 'string' && (await t.sources()).some(({ path }) => path === String(all.start).replace(/^\.\//, '')), 'start', 'a file of the folder');
  const isRoute = (route: unknown): boolean => isObject(route) && typeof route.method === 'string' && /^[A-Za-z]+$/.test(route.method) && typeof route.path === 'string' && route.path.startsWith('/');
  for (const name of ['create', 'list']) want(isObject(all.routes) && isRoute(all.routes[name]), `routes.${name}`, 'an object with a method and a path that begins with /');
  for (const name of ['update', 'delete']) {
    const route = isObject(all.routes) ? all.routes[name] : undefined;
    want(route === undefined || (isRoute(route) && String((route as Document).path).includes(':id')), `routes.${name}`, 'absent, or an object with a method and a path with :id');
  }
  want(isObject(all.fields) && Object.keys(all.fields).length > 0, 'fields', 'an object with one field or more');
  for (const [name, rule] of Object.entries(all.fields as Document)) want(isObject(rule) && types.includes(String(rule.type)) && typeof rule.required === 'boolean', `fields.${name}`, `an object with a type (${types.join(', ')}) and required (true or false)`);
  for (const [name, rule] of Object.entries(all.fields as Record<string, Rule>)) {
    for (const limit of ['minLength', 'maxLength'] as const) want(rule[limit] === undefined || (Number.isSafeInteger(rule[limit]) && rule[limit] >= 0), `fields.${name}.${limit}`, 'absent, or a whole number from 0 on (without quotes)');
    for (const limit of ['min', 'max'] as const) want(rule[limit] === undefined || Number.isFinite(rule[limit]), `fields.${name}.${limit}`, 'absent, or a number (without quotes)');
  }
  want(isObject(all.valid), 'valid', 'an object');
  want(isObject(all.invalid), 'invalid', 'an object');
  return all as unknown as Declared;
}

export async function ask(t: CheckContext, task: Declared, { method, path }: Route, body?: Document, timeoutMs = 10_000): Promise<HttpAnswer> {
  const server = await t.serve(task.start.replace(/^\.\//, ''));
  return server.fetch(path, { method: method.toUpperCase(), timeoutMs, ...(body ? { body } : {}) });
}

const arraysIn = (value: unknown): unknown[][] => (Array.isArray(value) ? [value] : isObject(value) ? Object.values(value).filter((inner) => Array.isArray(inner)) : []);

/** How much an array looks like the list of what was created: its values in one item, its fields, objects at all; then the longest. */
function likeness(items: readonly unknown[], { fields, valid }: Declared): number[] {
  const objects = items.filter(isObject);
  const values = Object.entries(valid).filter(([name]) => fields[name] !== undefined && fields[name].type !== 'date');
  const has = objects.some((item) => values.length > 0 && values.every(([name, value]) => item[name] === value));
  const named = objects.some((item) => Object.keys(fields).some((name) => name in item));
  return [Number(has), Number(named), objects.length];
}

/** The list: the answer itself, or the array in it that holds the items. */
export async function listed(t: CheckContext, task: Declared): Promise<{ items: Document[]; answer: HttpAnswer }> {
  const answer = await ask(t, task, task.routes.list);
  t.equal(answer.status, 200, { message: 'The list was asked for, and the answer is not 200.', cause: `${answer.status} for the list`, hint: hintFor(await printed(t, task), answer), evidence: answer.evidence });
  const [items] = arraysIn(answer.json).map((array) => ({ array, like: likeness(array, task) })).sort((a, b) => b.like.map((value, index) => value - (a.like[index] as number)).find((difference) => difference !== 0) ?? 0);
  if (items) return { items: items.array.filter(isObject), answer };
  const deeper = isObject(answer.json) ? Object.entries(answer.json).find(([, value]) => arraysIn(value).length > 0)?.[0] : undefined;
  return t.fail({
    message: deeper === undefined ? 'The answer to the list is no JSON array, and no object that holds one.' : `The answer to the list is an object, and its array lies one level deeper, in "${deeper}": the object has to hold it directly.`,
    cause: deeper === undefined ? 'the list is no array' : 'the array lies deeper', actual: answer.text.slice(0, 200), evidence: answer.evidence,
  });
}

/** Where the items have the declared fields, if not directly: the name of the object that has them. */
export function deeperFields(items: readonly Document[], { fields }: Declared): string | undefined {
  const declares = (value: unknown): boolean => isObject(value) && Object.keys(fields).some((name) => name in value);
  if (items.some(declares)) return undefined;
  return items.flatMap((item) => Object.entries(item)).find(([, value]) => declares(value))?.[0];
}

/** What the server printed so far. */
export async function printed(t: CheckContext, task: Declared): Promise<string> {
  return (await t.serve(task.start.replace(/^\.\//, ''))).output();
}

/** What may be wrong where an answer is not the one that was due. */
export function hintFor(output: string, { status, text }: HttpAnswer): string {
  if (/Invalid (database name|namespace)/.test(output + text)) return 'MONGO_URI ends with a slash and has no name behind it; give the name of MONGO_DB_NAME apart: client.db(name), dbName (Mongoose), database (TypeORM).';
  if (status === 404) return 'Is it the path of daily_task.json that the server listens to, with its slash at the end or without?';
  if (status === 400 || status === 422) return 'Does the example fit your own rules? A date comes as a text in JSON. The answer may say which field it was.';
  if (status >= 500) return 'The server threw. What it printed, or what it answers, may say why.';
  return 'The status says what happened: 201 that something was made, 200 that here is the list.';
}

/** The example with another text or number in it, within the declared rules, so that it can be told from others. */
export function another(t: CheckContext, task: Declared): { body: Document; field: string | undefined; value: unknown } {
  for (const [field, rule] of Object.entries(task.fields)) {
    const given = task.valid[field];
    if (rule.type === 'integer' && typeof given === 'number' && rule.max !== undefined && rule.min !== undefined && rule.max > rule.min) {
      const value = given < rule.max ? given + 1 : given - 1;
      return { body: { ...task.valid, [field]: value }, field, value };
    }
    if (rule.type === 'string' && typeof given === 'string' && rule.maxLength !== undefined && given.length < rule.maxLength) {
      const value = `${given}${t.random.pick([...'abcdefgh'])}`;
      return { body: { ...task.valid, [field]: value }, field, value };
    }
  }
  return { body: task.valid, field: undefined, value: undefined };
}
