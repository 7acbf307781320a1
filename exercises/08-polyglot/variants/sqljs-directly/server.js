import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import express from 'express';
import { MongoClient } from 'mongodb';
import initSqlJs from 'sql.js';

const SQL = await initSqlJs();
const db = new SQL.Database(existsSync(process.env.SQL_FILE) ? readFileSync(process.env.SQL_FILE) : undefined);
db.run(`create table if not exists posts (id integer primary key autoincrement, title text not null, body text not null, author_id integer not null,
  created_at text not null, idempotency_key text, unique (author_id, idempotency_key))`);

const rows = (sql, params = {}) => {
  const statement = db.prepare(sql, params);
  const found = [];
  while (statement.step()) found.push(statement.getAsObject());
  statement.free();
  return found;
};
const change = (sql, params) => {
  db.run(sql, params);
  const [{ id, n }] = rows('select last_insert_rowid() as id, changes() as n');
  writeFileSync(process.env.SQL_FILE, db.export());
  return { id, n };
};

const client = new MongoClient(process.env.MONGO_URI, { serverSelectionTimeoutMS: 2000, retryWrites: false });
const logs = client.db(process.env.MONGO_DB_NAME).collection('activity_logs');
await logs.createIndex({ post_id: 1 }, { unique: true, partialFilterExpression: { action: 'created' } });

const app = express().disable('x-powered-by').use(express.json());

app.use((req, res, next) => {
  const header = req.header('X-User-Id');
  if (!header || !/^[0-9]{1,12}$/.test(header) || Number(header) === 0) return res.status(401).json({ error: 'X-User-Id' });
  req.user = Number(header);
  next();
});

const isText = (value, max) => typeof value === 'string' && value.length > 0 && value.length <= max;
const out = ({ idempotency_key, ...post }) => post;
const byId = (id) => (/^\d{1,12}$/.test(id) ? rows('select * from posts where id = :id', { ':id': Number(id) })[0] : undefined);

app.post('/posts', async (req, res) => {
  const { title, body } = req.body ?? {};
  if (!isText(title, 200) || !isText(body, 10000)) return res.status(400).json({ error: 'title, body' });
  const key = req.header('Idempotency-Key') ?? null;
  let id;
  try {
    ({ id } = change('insert into posts (title, body, author_id, created_at, idempotency_key) values (?, ?, ?, ?, ?)', [title, body, req.user, new Date().toISOString(), key]));
  } catch (error) {
    if (!/UNIQUE/.test(String(error))) throw error;
    ({ id } = rows('select id from posts where author_id = :user and idempotency_key = :key', { ':user': req.user, ':key': key })[0]);
  }
  try {
    await logs.insertOne({ post_id: id, user_id: req.user, action: 'created', timestamp: new Date() });
  } catch (error) {
    if (error.code !== 11000) throw error;
  }
  res.status(201).json(out(byId(String(id))));
});

app.get('/feed', async (req, res) => {
  const limit = Number(req.query.limit ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) return res.status(400).json({ error: 'limit' });
  const posts = rows(`select * from posts order by id desc limit ${limit}`);
  const cursor = logs.find({ post_id: { $gte: posts.at(-1)?.id ?? 0 } }, { sort: { post_id: 1, timestamp: -1, _id: -1 }, batchSize: 50 });
  const found = new Map();
  for await (const log of cursor) found.set(log.post_id, [...(found.get(log.post_id) ?? []), log]);
  const complete = posts.filter(({ id }) => found.get(id)?.some(({ action }) => action === 'created'));
  res.json(complete.map((post) => ({ ...out(post), logs: found.get(post.id).slice(0, 3) })));
});

app.post('/posts/:id/logs', async (req, res) => {
  const { action } = req.body ?? {};
  if (!isText(action, 100)) return res.status(400).json({ error: 'action' });
  const post = byId(req.params.id);
  if (!post) return res.status(404).json({ error: 'post' });
  const log = { post_id: post.id, user_id: req.user, action, timestamp: new Date() };
  await logs.insertOne(log);
  res.status(201).json(log);
});

app.delete('/posts/:id', async (req, res) => {
  const post = byId(req.params.id);
  if (!post) return res.status(404).json({ error: 'post' });
  if (post.author_id !== req.user) return res.status(403).json({ error: 'not yours' });
  await logs.deleteMany({ post_id: post.id });
  change('delete from posts where id = ?', [post.id]);
  res.sendStatus(204);
});

app.use((error, req, res, next) => {
  console.error(String(error));
  if (res.headersSent) return next(error);
  res.status(error.name?.startsWith('Mongo') ? 503 : (error.status ?? 500)).json({ error: 'sorry' });
});

app.listen(process.env.PORT, '127.0.0.1');
