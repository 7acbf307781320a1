import express from 'express';
import * as mongodb from 'mongodb';
import { getMongoDatabase } from './mongo';
import { deserialize, serialize } from './serializer';

const app = express();
const router = express.Router();
const collection = () => getMongoDatabase().then((db) => db.collection('test_data'));

const page = (query) => {
  const errors = {};
  const read = (name, fallback, least) => {
    const text = query[name];
    if (text === undefined) return fallback;
    const number = Number(text);
    if (text.trim() === '' || !Number.isInteger(number) || number < least) errors[name] = ['A valid integer is required.'];
    return number;
  };
  const limit = Math.min(read('limit', 50, 1), 100);
  const offset = read('offset', 0, 0);
  return { limit, offset, errors };
};

router.all('/', (req, res, next) => {
  if (['GET', 'POST'].includes(req.method)) return next();
  return res.setHeader('Allow', ['GET', 'POST']).status(405).json({ detail: `Method "${req.method}" not allowed.` });
});

router.get('/', (req, res, next) => {
  const { limit, offset, errors } = page(req.query);
  if (Object.keys(errors).length > 0) return res.status(400).json(errors);
  return collection()
    .then((logs) => logs.aggregate([{ $sort: { timestamp: -1, _id: -1 } }, { $skip: offset }, { $limit: limit }]).toArray())
    .then((docs) => res.json(docs.map((doc) => serialize(doc))))
    .catch(next);
});

router.post('/', (req, res, next) => {
  if (!/^application\/json\b/i.test(req.get('Content-Type') ?? '')) return res.status(415).json({ detail: 'Unsupported media type.' });
  return express.json({ limit: 500_000 })(req, res, (error) => {
    if (error) return next(error);
    const { ok, value, errors } = deserialize(req.body ?? {});
    if (!ok) return res.status(400).json(errors);
    const timestamp = value.timestamp || new Date();
    return collection()
      .then((logs) => logs.insertOne({ ...value, timestamp }).then(({ insertedId }) => logs.findOne({ _id: insertedId })))
      .then((doc) => res.status(201).json(serialize(doc)))
      .catch(next);
  });
});

app.use('/api/mongo/testlogs', router);
app.use((req, res) => res.status(404).json(null));
app.use((error, req, res, next) => {
  if (error instanceof mongodb.MongoError) return res.status(503).json({ detail: 'Service unavailable.' });
  return res.status(error.status ?? 500).json({ detail: error.expose ? 'Bad request.' : 'Server error.' });
});
app.listen(process.env.PORT, '127.0.0.1');
