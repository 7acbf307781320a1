import Express from 'express';
import { type Filter } from 'mongodb';
import { closeStores, openStores, Post, type ActivityLog } from './stores';

const { sql, logs } = await openStores();
const app = Express();
app.use(Express.json({ strict: false }));

let turn: Promise<void> = Promise.resolve();

type Reply = { status: number; json?: unknown };
type Handler = (user: number, req: Express.Request) => Promise<Reply>;

const refuse = (status: number): Reply => ({ status, json: { status } });

/** Requests take turns. */
const handle = (handler: Handler): Express.RequestHandler => async (req, res) => {
  const mine = turn.then(async () => {
    const id = req.header('x-user-id');
    const reply = id !== undefined && /^0*[1-9]\d*$/.test(id) ? await handler(Number(id), req).catch(failed) : refuse(401);
    res.status(reply.status);
    if (reply.json === undefined) res.end();
    else res.json(reply.json);
  });
  turn = mine.catch(console.error);
  await mine;
};

function failed(error: unknown): Reply {
  console.error(error);
  return refuse(error instanceof Error && error.name.startsWith('Mongo') ? 503 : 500);
}

const bad = (value: unknown, max: number): boolean => typeof value !== 'string' || value.length === 0 || value.length > max;
const view = (post: Post): object => ({ id: post.id, title: post.title, body: post.body, author_id: post.author_id, created_at: new Date(post.created_at).toISOString() });

async function known(req: Express.Request): Promise<Post | null> {
  const id = String(req.params.id);
  return /^\d+$/.test(id) && id.length < 16 ? sql.manager.findOneBy(Post, { id: Number(id) }) : null;
}

app.post('/posts', handle(async (user, req) => {
  const { title, body } = Object(req.body) as { title?: unknown; body?: unknown };
  if (bad(title, 200) || bad(body, 10_000)) return refuse(400);
  const key = req.header('idempotency-key') ?? null;
  let post = key === null ? null : await sql.manager.findOneBy(Post, { author_id: user, idempotency_key: key });
  const found = post !== null;
  post ??= await sql.transaction(async (manager) => manager.save(manager.create(Post, { title: title as string, body: body as string, author_id: user, idempotency_key: key })));
  const created: Filter<ActivityLog> = { post_id: post.id, action: 'created' };
  const { lastErrorObject } = (await logs.findOneAndUpdate(created, { $setOnInsert: { user_id: user, timestamp: new Date() } }, { upsert: true, includeResultMetadata: true })) as { lastErrorObject?: unknown };
  console.log(lastErrorObject);
  return { status: found ? 200 : 201, json: view(post) };
}));

app.get('/feed', handle(async (_user, req) => {
  const limit = req.query.limit === undefined ? 10 : Number(req.query.limit);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 50) return refuse(400);
  const posts = await sql.manager.createQueryBuilder(Post, 'post').orderBy('post.id', 'DESC').limit(limit).getMany();
  const all = await logs.find({ post_id: { $in: posts.map((post) => post.id) } }).toArray();
  all.sort((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || (a._id.toHexString() < b._id.toHexString() ? 1 : -1));
  const feed: object[] = [];
  for (const post of posts) {
    const own = all.filter((log) => log.post_id === post.id);
    if (own.some((log) => log.action === 'created')) feed.push({ ...view(post), logs: own.slice(0, 3) });
  }
  return { status: 200, json: feed };
}));

app.post('/posts/:id/logs', handle(async (user, req) => {
  const action = (req.body as { action?: unknown } | null)?.action;
  if (bad(action, 100)) return refuse(400);
  const post = await known(req);
  if (!post) return refuse(404);
  const log = { post_id: post.id, user_id: user, action: action as string, timestamp: new Date() };
  const { insertedIds } = await logs.insertMany([log]);
  return { status: 201, json: { ...log, _id: insertedIds[0] } };
}));

app.delete('/posts/:id', handle(async (user, req) => {
  const post = await known(req);
  if (!post) return refuse(404);
  if (post.author_id !== user) return refuse(403);
  await logs.bulkWrite([{ deleteMany: { filter: { post_id: post.id } } }]);
  await sql.transaction((manager) => manager.remove(post));
  return { status: 204 };
}));

const server = app.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => server.close(() => void closeStores()));
