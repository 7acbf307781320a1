import type { CheckContext, Collection, Document, Evidence, HttpAnswer, HttpProgram } from 'mongo-course/checker';

export const logs = (t: CheckContext): Collection => t.db.collection('activity_logs');

/** Commands that write, deletes apart. */
export const writeNames = ['insert', 'update', 'findAndModify', 'findandmodify', 'bulkWrite'];

export interface Ask {
  as?: number | string;
  body?: unknown;
  key?: string;
}

/** A request of a caller. Without `as`, nobody says who it is. */
export async function ask(t: CheckContext, method: string, path: string, { as, body, key }: Ask = {}, server?: HttpProgram): Promise<HttpAnswer> {
  const program = server ?? (await t.serve('server.ts'));
  const headers = { ...(as === undefined ? {} : { 'X-User-Id': String(as) }), ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
  return program.fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
}

export const aPost = (t: CheckContext): { title: string; body: string } => ({ title: t.random.words(3), body: t.random.words(8) });
export const aUser = (t: CheckContext): number => t.random.int(1, 99_999);

/** A post as an answer holds it. */
export interface Shown {
  id: number;
  title: unknown;
  body: unknown;
  author_id: unknown;
  created_at: unknown;
  logs?: unknown;
}

/** Creates a post, or fails the check. */
export async function create(t: CheckContext, as: number, post: Document = aPost(t), key?: string): Promise<Shown> {
  const answer = await ask(t, 'POST', '/posts', { as, body: post, ...(key === undefined ? {} : { key }) });
  const { json } = answer;
  const id = typeof json === 'object' && json !== null ? (json as { id?: unknown }).id : undefined;
  t.ok((answer.status === 201 || (key !== undefined && answer.status === 200)) && typeof id === 'number', { message: `POST /posts was given a good post, and answered ${answer.status}${answer.status === 201 ? ' without a post that has an id' : ''}.`, cause: 'POST /posts does not create a post', expected: '201 and the post', actual: `${answer.status} ${answer.text.slice(0, 200)}`, evidence: answer.evidence });
  return json as Shown;
}

/** The feed, or a failed check. */
export async function feed(t: CheckContext, query = '?limit=50'): Promise<{ posts: Shown[]; evidence: Evidence[] }> {
  const answer = await ask(t, 'GET', `/feed${query}`, { as: 1 });
  t.ok(answer.status === 200 && Array.isArray(answer.json), { message: `GET /feed${query} answered ${answer.status}${answer.status === 200 ? ', and no array' : ''}.`, cause: 'GET /feed gives no array', expected: '200 and an array', actual: `${answer.status} ${answer.text.slice(0, 200)}`, evidence: answer.evidence });
  return { posts: answer.json as Shown[], evidence: answer.evidence };
}

/** The logs "created" of a post that are stored. */
export const createdLogs = (t: CheckContext, id: number): Promise<Document[]> => logs(t).find({ post_id: id, action: 'created' });

/** Stores logs of a post, as other requests would have. Timestamps some hours back; some are equal. */
export async function storeLogs(t: CheckContext, post_id: number, count: number, ahead = false): Promise<void> {
  const now = Date.now();
  const times = Array.from({ length: Math.ceil(count / 2) }, () => now + (ahead ? 1 : -1) * t.random.int(60_000, 36_000_000));
  await logs(t).insert(...Array.from({ length: count }, (_, index) => ({ _id: t.random.objectId(), post_id, user_id: aUser(t), action: t.random.word(), timestamp: new Date(times[index % times.length] as number) })));
}

/** Stores three logs of one moment, half a minute back, in an order that is neither that of their _ids nor its reverse. */
export async function storeTied(t: CheckContext, post_id: number): Promise<void> {
  const timestamp = new Date(Date.now() - 30_000);
  const [low, middle, high] = [0, 1, 2].map(() => t.random.objectId()).sort((a, b) => (a.toHexString() < b.toHexString() ? -1 : 1));
  await logs(t).insert(...[middle, high, low].map((_id) => ({ _id, post_id, user_id: aUser(t), action: t.random.word(), timestamp })));
}

/** Any _id is right, a number for one: what counts is that it is the same. */
const idText = (id: unknown): unknown => (typeof id === 'number' ? String(id) : id);

/** A stored log as an answer shows it. */
export const shown = (log: Document): Document => ({ _id: String(log._id), post_id: log.post_id, user_id: log.user_id, action: log.action, timestamp: (log.timestamp as Date).toISOString() });

/** The fields of a log in an answer; what else it holds is not judged. */
export function fieldsOf(log: unknown): Document {
  const { _id, post_id, user_id, action, timestamp } = (log ?? {}) as Document;
  const date = typeof timestamp === 'string' && /^\d{4}-\d\d-\d\dT/.test(timestamp) ? new Date(timestamp) : undefined;
  return { _id: idText(_id), post_id, user_id, action, timestamp: date && !Number.isNaN(date.getTime()) ? date.toISOString() : timestamp };
}

/** Whether a text is an ISO date of the last moments. */
export const isIsoNow = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) && Math.abs(new Date(value).getTime() - Date.now()) < 90_000;

export const sent = (t: CheckContext): Evidence[] => t.tap.evidence(t.tap.commands({ collection: 'activity_logs' }));
