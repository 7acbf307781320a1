import { ObjectId, type CheckContext, type Collection, type Document, type Failure, type HttpAnswer, type HttpInit } from 'mongo-course/checker';

export const path = '/api/mongo/testlogs/';

export const logs = (t: CheckContext): Collection => t.db.collection('test_data');

/** One request to the learner's server. */
export async function ask(t: CheckContext, method: string, query = '', init: HttpInit = {}): Promise<HttpAnswer> {
  const server = await t.serve('server.ts');
  return server.fetch(query.startsWith('/') ? query : `${path}${query}`, { method, ...init });
}

export const post = (t: CheckContext, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> => ask(t, 'POST', '', { body, headers: typeof body === 'string' ? { 'content-type': 'application/json', ...headers } : headers });

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
  return { _id: t.random.objectId(), message: t.random.words(3), source: t.random.word(), value: t.random.int(1, 99), timestamp: t.random.date(), ...fields };
}

/** Stores `count` logs in a random order, pairs of them with the same timestamp. Gives them newest first. */
export async function seed(t: CheckContext, count: number): Promise<(Document & { _id: ObjectId; timestamp: Date })[]> {
  const times = Array.from({ length: Math.ceil(count / 2) }, () => t.random.date());
  const all = Array.from({ length: count }, (_, index) => storedLog(t, { timestamp: times[index % times.length] }));
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
    const hint = field === '_id' || value instanceof Date ? 'serialize(doc), of the given serializer.ts' : undefined;
    const failure = { message: `${what} does not have ${field} as it is stored.`, cause: `${field} is missing or changed in the answer`, evidence, ...(hint === undefined ? {} : { hint }) };
    if (value instanceof Date) t.equal(typeof given === 'string' && /Z|[+-]\d\d:\d\d$/.test(given) ? new Date(given) : given, value, failure);
    else t.equal(given, value instanceof ObjectId ? value.toHexString() : value, failure);
  }
}

/** A body of so many bytes with a good log in it. */
export function bodyOf(t: CheckContext, bytes: number): string {
  const body = (filler: string): string => JSON.stringify({ message: t.random.seed.toString(), filler });
  return body('x'.repeat(bytes - body('').length));
}
