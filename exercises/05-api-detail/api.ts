import { ObjectId, type CheckContext, type Collection, type Document, type Failure, type HttpAnswer, type HttpInit } from 'mongo-course/checker';

export const path = '/api/mongo/logs/';

export const logs = (t: CheckContext): Collection => t.db.collection('logs');

/** One request to the learner's server. */
export async function ask(t: CheckContext, method: string, query = '', init: HttpInit = {}): Promise<HttpAnswer> {
  const server = await t.serve('server.ts');
  return server.fetch(query.startsWith('/') ? query : `${path}${query}`, { method, ...init });
}

/** A request with a body: a text is sent as it is, and called JSON. */
export const send = (t: CheckContext, method: string, query: string, body: unknown): Promise<HttpAnswer> =>
  ask(t, method, query, { body, ...(typeof body === 'string' ? { headers: { 'content-type': 'application/json' } } : {}) });

export const post = (t: CheckContext, body: unknown): Promise<HttpAnswer> => send(t, 'POST', '', body);

/** A good body. */
export const good = (t: CheckContext, fields: Document = {}): Document => ({ user_id: t.random.int(1, 99), action: t.random.word(), ...fields });

/** A good body for PUT. */
export const whole = (t: CheckContext, fields: Document = {}): Document => good(t, { timestamp: t.random.date().toISOString(), ...fields });

/** What is wrong, where a timestamp was sent and a text is what is stored; nothing to add where it is no text. */
export const textTimestamp = (stored: Document | null | undefined): Partial<Failure> =>
  typeof stored?.timestamp === 'string' ? { hint: 'The timestamp is stored as a text. MongoDB keeps types apart: a query for a date, or a sort by one, passes it by. Store new Date(text).' } : {};

/** A copy that lacks one field. */
export const without = (document: Document, field: string): Document => Object.fromEntries(Object.entries(document).filter(([name]) => name !== field));

/** The path of one log. */
export const of = ({ _id }: Document): string => `${path}${String(_id)}/`;

/** Fails unless the answer has this status; `situation` begins the sentence: "A body that is no JSON was sent". */
export function expectStatus(t: CheckContext, answer: HttpAnswer, status: number, situation: string, more: Omit<Failure, 'message'> = {}): void {
  t.equal(answer.status, status, {
    message: `${situation}, and the answer was ${answer.status} instead of ${status}.${means[answer.status] ?? ''}`, cause: `${answer.status} instead of ${status}: ${more.cause ?? situation}`,
    evidence: answer.evidence, ...(more.hint === undefined ? {} : { hint: more.hint }),
  });
}

const means: Record<number, string> = {
  500: ' 500 says: this program has a bug.',
  200: ' 200 says: all is well.',
  201: ' 201 says: it is stored.',
};

/** A log as it may lie in the database. */
export function storedLog(t: CheckContext, fields: Document = {}): Document & { _id: ObjectId; timestamp: Date } {
  return { _id: t.random.objectId(), user_id: t.random.int(1, 99), action: t.random.word(), timestamp: t.random.date(), data: { [t.random.word()]: t.random.int(1, 9) }, ...fields };
}

/** Stores `count` logs in a random order, pairs of them with the same timestamp. Gives them newest first. */
export async function seed(t: CheckContext, count: number, fields: Document = {}): Promise<(Document & { _id: ObjectId; timestamp: Date })[]> {
  const times = Array.from({ length: Math.ceil(count / 2) }, () => t.random.date());
  const all = Array.from({ length: count }, (_, index) => storedLog(t, { timestamp: times[index % times.length], ...fields }));
  await logs(t).insert(...t.random.shuffle(all));
  return all.sort((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || (a._id.toHexString() < b._id.toHexString() ? 1 : -1));
}

/** The list of an answer to GET. */
export function listOf(t: CheckContext, answer: HttpAnswer, situation: string): Document[] {
  expectStatus(t, answer, 200, situation);
  if (Array.isArray(answer.json)) return answer.json as Document[];
  return t.fail({ message: `${situation}, and the answer's body is no JSON array.`, cause: 'the list is no array', expected: '[ { … }, … ]', actual: answer.text.slice(0, 200), evidence: answer.evidence });
}

export const ids = (documents: readonly Document[]): string[] => documents.map(({ _id }) => String(_id));

/** Fails unless `shown` is `stored` as JSON: each field of it, the _id as hex digits, dates as ISO texts. */
export function expectShown(t: CheckContext, shown: unknown, stored: Document, what: string, answer: HttpAnswer): void {
  const { evidence } = answer;
  if (typeof shown !== 'object' || shown === null) return t.fail({ message: `${what} is no JSON object.`, cause: 'no JSON object', actual: answer.text.slice(0, 200), evidence });
  for (const [field, value] of Object.entries(stored)) {
    const given = (shown as Document)[field];
    const hint = field === '_id' ? 'doc._id.toHexString()' : undefined;
    const failure = { message: `${what} does not have ${field} as it is stored.`, cause: `${field} is missing or changed in the answer`, evidence, ...(hint === undefined ? {} : { hint }) };
    if (value instanceof Date) t.equal(typeof given === 'string' && /Z|[+-]\d\d:\d\d$/.test(given) ? new Date(given) : given, value, failure);
    else t.equal(given, value instanceof ObjectId ? value.toHexString() : value, failure);
  }
}

/** A body of so many bytes with a good log in it. */
export function bodyOf(t: CheckContext, bytes: number): string {
  const body = (filler: string): string => JSON.stringify({ user_id: t.random.seed, action: 'fill', timestamp: '2026-01-31T09:30:00Z', data: { filler } });
  return body('x'.repeat(bytes - body('').length));
}
