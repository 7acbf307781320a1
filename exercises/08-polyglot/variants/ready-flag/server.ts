import { randomUUID } from 'node:crypto';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { MongoError } from 'mongodb';
import { z } from 'zod';
import { logs, posts, type Log, type Post } from './own-stores.ts';

let tail: Promise<unknown> = Promise.resolve();
const queued = <T>(task: () => Promise<T>): Promise<T> => {
  const run = tail.then(task, task);
  tail = run.catch(() => undefined);
  return run;
};

const userSchema = z.string().regex(/^[0-9]+$/).transform(Number).pipe(z.int().positive());
const postSchema = z.object({ title: z.string().min(1).max(200), body: z.string().min(1).max(10_000) });
const limitSchema = z.string().regex(/^\d+$/).default('10').transform(Number).pipe(z.int().min(1).max(50));

const app = express();
app.use(express.json({ limit: '1mb' }));

const identify: RequestHandler = (req, res, next) => {
  const user = userSchema.safeParse(req.headers['x-user-id']);
  if (!user.success) return void res.sendStatus(401);
  res.locals.user = user.data;
  next();
};
app.use(identify);

const user = (res: Response): number => res.locals.user as number;
const visible = ({ id, title, body, author_id, created_at }: Post) => ({ id, title, body, author_id, created_at: created_at.toISOString() });

async function complete(post: Post): Promise<void> {
  if (post.ready) return;
  await logs.updateOne({ _id: post.log_id }, { $setOnInsert: { post_id: post.id, user_id: post.author_id, action: 'created', timestamp: new Date() } }, { upsert: true });
  await queued(() => posts.update({ id: post.id }, { ready: true }));
}

app.post('/posts', async (req, res) => {
  const input = postSchema.safeParse(req.body);
  if (!input.success) return void res.status(400).json(z.treeifyError(input.error));
  const idempotency_key = req.get('Idempotency-Key');
  const post = await queued(async () => {
    const existing = idempotency_key ? await posts.findOneBy({ author_id: user(res), idempotency_key }) : null;
    return existing ?? posts.save({ ...input.data, author_id: user(res), idempotency_key: idempotency_key ?? null, log_id: randomUUID() } as Post);
  });
  await complete(post);
  res.status(201).json(visible(post));
});

app.get('/feed', async (req, res) => {
  const limit = limitSchema.safeParse(req.query.limit);
  if (!limit.success) return void res.sendStatus(400);
  const page = await posts.find({ where: { ready: true }, order: { id: 'DESC' }, take: limit.data });
  const latest = await logs.aggregate<{ _id: number; logs: Log[] }>([
    { $match: { post_id: { $in: page.map((post) => post.id) } } },
    { $sort: { timestamp: -1, _id: -1 } },
    { $group: { _id: '$post_id', all: { $push: '$$ROOT' } } },
    { $project: { logs: { $slice: ['$all', 3] } } },
  ]).toArray();
  res.send(page.map((post) => ({ ...visible(post), logs: latest.find(({ _id }) => _id === post.id)?.logs ?? [] })));
});

async function lookUp(req: Request<{ id: string }>, res: Response): Promise<Post | undefined> {
  const post = /^\d{1,9}$/.test(req.params.id) ? await posts.findOneBy({ id: Number(req.params.id) }) : null;
  if (!post) res.sendStatus(404);
  return post ?? undefined;
}

app.post('/posts/:id/logs', async (req, res) => {
  const input = z.object({ action: z.string().min(1).max(100) }).safeParse(req.body);
  if (!input.success) return void res.sendStatus(400);
  const post = await lookUp(req, res);
  if (!post) return;
  const log = { _id: randomUUID(), post_id: post.id, user_id: user(res), action: input.data.action, timestamp: new Date() };
  await logs.insertOne(log);
  res.status(201).json(log);
});

app.delete('/posts/:id', async (req, res) => {
  const post = await lookUp(req, res);
  if (!post) return;
  if (post.author_id !== user(res)) return void res.sendStatus(403);
  await queued(() => posts.update({ id: post.id }, { ready: false }));
  await logs.deleteMany({ post_id: post.id });
  await queued(() => posts.delete({ id: post.id }));
  res.status(204).end();
});

app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
  if (!(error instanceof MongoError)) return next(error);
  res.status(503).json({ error: error.name });
});

app.listen(Number(process.env.PORT), '127.0.0.1');
