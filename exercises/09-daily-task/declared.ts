import type { CheckContext, Document, HttpAnswer } from 'mongo-course/checker';

interface Rule {
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
  want(isObject(all.valid), 'valid', 'an object');
  want(isObject(all.invalid), 'invalid', 'an object');
  return all as unknown as Declared;
}

export async function ask(t: CheckContext, task: Declared, { method, path }: Route, body?: Document, timeoutMs = 10_000): Promise<HttpAnswer> {
  const server = await t.serve(task.start.replace(/^\.\//, ''));
  return server.fetch(path, { method: method.toUpperCase(), timeoutMs, ...(body ? { body } : {}) });
}

/** The list: the answer itself, or the array of objects in it. */
export async function listed(t: CheckContext, task: Declared): Promise<{ items: Document[]; answer: HttpAnswer }> {
  const answer = await ask(t, task, task.routes.list);
  t.equal(answer.status, 200, { message: 'The list was asked for, and the answer is not 200.', cause: `${answer.status} for the list`, evidence: answer.evidence });
  const items = Array.isArray(answer.json) ? answer.json : isObject(answer.json) ? Object.values(answer.json).find((value) => Array.isArray(value)) : undefined;
  if (!Array.isArray(items)) return t.fail({ message: 'The answer to the list is no JSON array, and no object that holds one.', cause: 'the list is no array', actual: answer.text.slice(0, 200), evidence: answer.evidence });
  return { items: items.filter(isObject), answer };
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

/** Bodies that break one declared rule each. */
export function wrongBodies({ fields, valid }: Declared): { what: string; body: Document }[] {
  const wrong: { what: string; body: Document }[] = [];
  const other = { string: { not: 'a text' }, integer: 'no number', number: 'no number', boolean: 'neither', date: 'no date' } as const;
  for (const [field, rule] of Object.entries(fields)) {
    if (rule.required) wrong.push({ what: `without ${field}, which is required`, body: Object.fromEntries(Object.entries(valid).filter(([name]) => name !== field)) });
    wrong.push({ what: `with a ${field} that is no ${rule.type}`, body: { ...valid, [field]: other[rule.type] } });
    if (rule.type === 'integer') wrong.push({ what: `with a ${field} that is no whole number`, body: { ...valid, [field]: (rule.min ?? 0) + 0.5 } });
    if (rule.type === 'string' && rule.minLength) wrong.push({ what: `with a ${field} that is too short`, body: { ...valid, [field]: 'x'.repeat(rule.minLength - 1) } });
    if (rule.type === 'string' && rule.maxLength !== undefined) wrong.push({ what: `with a ${field} that is too long`, body: { ...valid, [field]: 'x'.repeat(rule.maxLength + 1) } });
    if ((rule.type === 'integer' || rule.type === 'number') && rule.min !== undefined) wrong.push({ what: `with a ${field} that is too small`, body: { ...valid, [field]: rule.min - 1 } });
    if ((rule.type === 'integer' || rule.type === 'number') && rule.max !== undefined) wrong.push({ what: `with a ${field} that is too large`, body: { ...valid, [field]: rule.max + 1 } });
  }
  return wrong;
}
