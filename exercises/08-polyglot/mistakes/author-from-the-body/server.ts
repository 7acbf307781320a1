import express, { type ErrorRequestHandler, type Request } from 'express';
import { MongoNetworkError, MongoServerError, MongoServerSelectionError, type Document, type ObjectId } from 'mongodb';
import { openStores, type ActivityLog, type Post } from './stores.ts';

/** An answer that is no success. */
class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const stores = await openStores();
const { posts, client } = stores;
// The type leaves the _id to the driver; the log "created" has one that is made of its post's id, so that there can be only one.
const logs = client.db(stores.logs.dbName).collection<ActivityLog & { _id: ObjectId | string }>(stores.logs.collectionName);

/** Work on the one SQL connection, one piece after the other: TypeORM reads a new id after other requests may have written. */
let lastWork: Promise<unknown> = Promise.resolve();
function alone<T>(work: () => Promise<T>): Promise<T> {
  const result = lastWork.then(work);
  lastWork = result.catch(() => undefined);
  return result;
}

function caller(req: Request): number {
  const header = req.get('x-user-id') ?? '';
  const id = Number(header);
  if (!/^\d+$/.test(header) || id < 1 || !Number.isSafeInteger(id)) throw new HttpError(401, 'X-User-Id: who are you?');
  return id;
}

function text(value: unknown, field: string, most: number): string {
  if (typeof value !== 'string' || value.length < 1 || value.length > most) throw new HttpError(400, `${field}: a text of 1 to ${most} characters is required`);
  return value;
}

/** The post that a path names. A malformed id is an unknown one. */
async function postOf(req: Request): Promise<Post> {
  const id = String(req.params.id);
  const post = /^\d{1,15}$/.test(id) ? await posts.findOneBy({ id: Number(id) }) : null;
  if (!post) throw new HttpError(404, 'There is no such post');
  return post;
}

const shownPost = ({ id, title, body, author_id, created_at }: Post): object => ({ id, title, body, author_id, created_at });
const shownLog = ({ _id, post_id, user_id, action, timestamp }: Document): object => ({ _id, post_id, user_id, action, timestamp });

/** Writes the log "created" of a post, once, however often it is called. */
async function logCreation(post: Post): Promise<void> {
  try {
    await logs.insertOne({ _id: `created-${post.id}`, post_id: post.id, user_id: post.author_id, action: 'created', timestamp: new Date() });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === 11000)) throw error;
  }
}

const app = express();
app.disable('x-powered-by');
app.use(express.json());

app.post('/posts', async (req, res) => {
  const author = caller(req);
  const { title, body, author_id = author } = (req.body ?? {}) as Record<string, unknown> & { author_id?: number };
  const idempotency_key = req.get('idempotency-key') ?? null;
  const fields = { title: text(title, 'title', 200), body: text(body, 'body', 10_000), author_id, idempotency_key };
  // First the post, which no feed shows before it has its log; then the log. The other way round, a log could be left without its post.
  const { post, isNew } = await alone(async () => {
    const before = idempotency_key === null ? null : await posts.findOneBy({ author_id, idempotency_key });
    if (before) return { post: before, isNew: false };
    const { id } = await posts.save(posts.create(fields));
    return { post: await posts.findOneByOrFail({ id }), isNew: true };
  });
  try {
    await logCreation(post);
  } catch (error) {
    // With a key, the same request made again finds the post and completes it; without one, nobody will ever ask for it.
    if (idempotency_key === null) await alone(() => posts.delete({ id: post.id }));
    throw error;
  }
  res.status(isNew ? 201 : 200).json(shownPost(post));
});

app.get('/feed', async (req, res) => {
  caller(req);
  const { limit = '10' } = req.query;
  if (typeof limit !== 'string' || !/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 50) throw new HttpError(400, 'limit: a number from 1 to 50');
  const newest = await posts.find({ order: { id: 'DESC' }, take: Number(limit) });
  const groups = await logs.aggregate([
    { $match: { post_id: { $in: newest.map(({ id }) => id) } } },
    { $sort: { timestamp: -1, _id: -1 } },
    { $group: { _id: '$post_id', logs: { $push: '$$ROOT' }, created: { $max: { $eq: ['$action', 'created'] } } } },
    { $match: { created: true } },
    { $project: { logs: { $slice: ['$logs', 3] } } },
  ]).toArray();
  const latest = new Map(groups.map((group) => [group._id as number, group.logs as Document[]]));
  res.json(newest.filter(({ id }) => latest.has(id)).map((post) => ({ ...shownPost(post), logs: latest.get(post.id)?.map(shownLog) })));
});

app.post('/posts/:id/logs', async (req, res) => {
  const user_id = caller(req);
  const action = text((req.body as Record<string, unknown> | undefined)?.action, 'action', 100);
  const post = await postOf(req);
  const log: ActivityLog = { post_id: post.id, user_id, action, timestamp: new Date() };
  const { insertedId } = await stores.logs.insertOne(log);
  res.status(201).json(shownLog({ ...log, _id: insertedId }));
});

app.delete('/posts/:id', async (req, res) => {
  const user_id = caller(req);
  const post = await postOf(req);
  if (post.author_id !== user_id) throw new HttpError(403, 'Only its author can delete a post');
  // First the logs: if that fails, the post is still there, and the same request can be made again.
  await logs.deleteMany({ post_id: post.id });
  await alone(() => posts.delete({ id: post.id }));
  res.status(204).end();
});

const onError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (error instanceof HttpError) {
    res.status(error.status).json({ error: error.message });
  } else if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError || error instanceof MongoServerError) {
    console.error('MongoDB failed:', error.message);
    res.status(503).json({ error: 'The database is down. Please try again in a moment.' });
  } else {
    console.error(error);
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
    res.status(status).json({ error: status === 500 ? 'Our mistake' : 'Bad request' });
  }
};
app.use(onError);

const port = Number(process.env.PORT || 3000);
app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/feed`);
});
