import express from 'express';
import { MongoError, ObjectId } from 'mongodb';
import { getMongoDatabase } from './mongo';

const app = express();
const collection = async () => (await getMongoDatabase()).collection('logs');
const json = [
  (req, res, next) => (req.is('json') ? next() : res.status(415).json({ detail: 'Unsupported media type.' })),
  express.json({ limit: '200kb', strict: false }),
];
const dollars = (value) => value !== null && typeof value === 'object' && Object.keys(value).some((key) => key[0] === '$' || dollars(value[key]));
const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const readDate = (text) => {
  if (typeof text !== 'string' || !stamp.test(text)) return null;
  // The date alone, read as UTC, has to be the date that is written there.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(+day) || day.toISOString().slice(0, 10) !== text.slice(0, 10)) return null;
  const date = new Date(text);
  return Number.isNaN(+date) ? null : date;
};

const rules = {
  user_id: (value) => (Number.isSafeInteger(value) ? value : null),
  action: (value) => (typeof value === 'string' && value.length > 0 && value.length <= 100 ? value : null),
  timestamp: readDate,
  data: (value) => (value && typeof value === 'object' && !Array.isArray(value) && !dollars(value) ? value : null),
};

const validate = (required) => (req, res, next) => {
  const body = req.body;
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return res.status(400).json({ non_field_errors: ['Invalid data.'] });
  if (body._id !== undefined) return res.status(400).json({ _id: ['Read-only.'] });
  const errors = {};
  req.value = {};
  for (const field of Object.keys(rules)) {
    if (body[field] === undefined) {
      if (required.includes(field)) errors[field] = ['This field is required.'];
      continue;
    }
    req.value[field] = rules[field](body[field]);
    if (req.value[field] === null) errors[field] = ['Invalid value.'];
  }
  return Object.keys(errors).length > 0 ? res.status(400).json(errors) : next();
};

app.param('id', (req, res, next, id) => {
  if (id.length !== 24 || !ObjectId.isValid(id)) return res.status(404).json({ detail: 'Not found.' });
  req._id = ObjectId.createFromHexString(id);
  return next();
});

const one = (res, doc) => (doc ? res.json(doc) : res.status(404).json({ detail: 'Not found.' }));

app.get('/api/mongo/logs/', async (req, res) => {
  const { limit = '50', offset = '0', user_id, action } = req.query;
  if (!/^[0-9]+$/.test(limit) || Number(limit) === 0 || !/^[0-9]+$/.test(offset)) return res.status(400).json({ detail: 'Bad page.' });
  if (user_id !== undefined && !/^[+-]?[0-9]+$/.test(user_id)) return res.status(400).json({ detail: 'Bad user_id.' });
  const query = (await collection()).find();
  if (user_id !== undefined) query.filter({ user_id: Number(user_id) });
  if (action !== undefined) query.filter({ ...(user_id === undefined ? {} : { user_id: Number(user_id) }), action: String(action) });
  return res.send(await query.sort([['timestamp', -1], ['_id', -1]]).limit(Math.min(100, limit)).skip(Number(offset)).toArray());
});
app.post('/api/mongo/logs/', json, validate(['user_id', 'action']), async (req, res) => {
  const doc = { ...req.value, timestamp: req.value.timestamp ?? new Date() };
  await (await collection()).insertOne(doc);
  res.status(201).json(doc);
});
app.all('/api/mongo/logs/', (req, res) => res.status(405).header('allow', 'GET, POST').json({ detail: 'Method not allowed.' }));

const path = '/api/mongo/logs/:id/';
app.get(path, async (req, res) => one(res, await (await collection()).findOne(req._id)));
app.delete(path, async (req, res) => {
  const result = await (await collection()).deleteOne({ _id: req._id });
  return result.deletedCount ? res.sendStatus(204) : one(res, null);
});
app.put(path, json, validate(['user_id', 'action', 'timestamp']), async (req, res) => one(res, await (await collection()).findOneAndReplace({ _id: req._id }, req.value, { returnDocument: 'after' })));
app.patch(path, json, validate([]), async (req, res) => {
  const logs = await collection();
  const empty = Object.keys(req.value).length === 0;
  if (empty) return one(res, await logs.findOne({ _id: req._id }));
  const { matchedCount } = await logs.updateOne({ _id: req._id }, [{ $set: Object.fromEntries(Object.entries(req.value).map(([key, value]) => [key, { $literal: value }])) }]);
  return one(res, matchedCount ? await logs.findOne({ _id: req._id }) : null);
});
app.all(path, (req, res) => res.status(405).header('allow', 'GET, PUT, PATCH, DELETE').json({ detail: 'Method not allowed.' }));

app.use((req, res) => res.status(404).json({ detail: 'Not found.' }));
app.use((error, req, res, next) => {
  if (error instanceof MongoError) return res.status(503).json({ detail: 'Service unavailable.' });
  return res.status(error.statusCode ?? 500).json({ detail: 'Error.' });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
