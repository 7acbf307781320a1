import { createServer } from 'node:http';
import { openStores } from './stores';

const { posts, logs } = await openStores();

class Answer extends Error {
  constructor(status, body) {
    super(String(status));
    Object.assign(this, { status, body });
  }
}
const fail = (status, error) => {
  throw new Answer(status, { error });
};

let queue = Promise.resolve();
const inTurn = (work) => {
  const next = queue.then(work, work);
  queue = next.catch(() => {});
  return next;
};

async function jsonOf(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) ?? {};
  } catch {
    return fail(400, 'no JSON');
  }
}

const fits = (value, most) => typeof value === 'string' && value !== '' && value.length <= most;
const show = ({ id, title, body, author_id, created_at }) => ({ id, title, body, author_id, created_at: created_at.toISOString() });
const showLog = ({ _id, post_id, user_id, action, timestamp }) => ({ _id: String(_id), post_id, user_id, action, timestamp: timestamp.toISOString() });

async function find(id) {
  const post = /^[1-9]\d{0,9}$/.test(id) ? await posts.findOneBy({ id: Number(id) }) : null;
  return post ?? fail(404, 'no such post');
}

async function createPost(user, req) {
  const { title, body } = await jsonOf(req);
  if (!fits(title, 200) || !fits(body, 10000)) fail(400, 'title and body');
  const key = req.headers['idempotency-key'] ?? null;
  // All of it in turn: of two with one key, the second finds what the first has done.
  return inTurn(async () => {
    const known = key && (await posts.findOneBy({ author_id: user, idempotency_key: key }));
    if (known) {
      if (!(await logs.findOne({ post_id: known.id, action: 'created' }))) await logs.insertOne({ post_id: known.id, user_id: user, action: 'created', timestamp: new Date() });
      return [200, show(known)];
    }
    const { id } = await posts.save({ title, body, author_id: user, idempotency_key: key });
    try {
      await logs.insertOne({ post_id: id, user_id: user, action: 'created', timestamp: new Date() });
    } catch (error) {
      await posts.delete(id);
      throw error;
    }
    return [201, show(await posts.findOneBy({ id }))];
  });
}

async function feed(query) {
  const limit = query.has('limit') ? query.get('limit') : '10';
  if (!/^([1-9]|[1-4]\d|50)$/.test(limit)) fail(400, 'limit');
  const page = await posts.find({ order: { id: 'DESC' }, take: Number(limit) });
  const all = await logs.find({ post_id: { $in: page.map(({ id }) => id) } }).sort([['timestamp', -1], ['_id', -1]]).toArray();
  const of = (post) => all.filter((log) => log.post_id === post.id);
  return [200, page.filter((post) => of(post).some((log) => log.action === 'created')).map((post) => ({ ...show(post), logs: of(post).slice(0, 3).map(showLog) }))];
}

async function addLog(user, id, req) {
  const { action } = await jsonOf(req);
  if (!fits(action, 100)) fail(400, 'action');
  const post = await find(id);
  const log = { post_id: post.id, user_id: user, action, timestamp: new Date() };
  await logs.insertOne(log);
  return [201, showLog(log)];
}

async function remove(user, id) {
  const post = await find(id);
  if (post.author_id !== user) fail(403, 'not yours');
  await logs.deleteMany({ post_id: post.id });
  await inTurn(() => posts.remove(post));
  return [204];
}

async function route(req) {
  const url = new URL(req.url, 'http://x');
  const user = /^\d+$/.test(req.headers['x-user-id'] ?? '') ? Number(req.headers['x-user-id']) : 0;
  if (user < 1) fail(401, 'who?');
  const [, first, id, second] = url.pathname.split('/');
  if (req.method === 'GET' && first === 'feed') return feed(url.searchParams);
  if (req.method === 'POST' && first === 'posts' && id === undefined) return createPost(user, req);
  if (req.method === 'POST' && second === 'logs') return addLog(user, id, req);
  if (req.method === 'DELETE' && first === 'posts') return remove(user, id);
  return fail(404, 'nothing here');
}

createServer(async (req, res) => {
  let status, body;
  try {
    [status, body] = await route(req);
  } catch (error) {
    [status, body] = error instanceof Answer ? [error.status, error.body] : /^Mongo/.test(error.name) ? [503, { error: 'down' }] : [500, { error: 'ours' }];
    if (status >= 500) console.error(error);
  }
  res.writeHead(status, body === undefined ? {} : { 'Content-Type': 'application/json' });
  res.end(body === undefined ? undefined : JSON.stringify(body));
}).listen(Number(process.env.PORT), '127.0.0.1');
