import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { MongoNetworkError, MongoServerSelectionError, type Collection } from 'mongodb';
import { closeMongoClient, getMongoDatabase } from './mongo.ts';
import { deserialize, serialize, serializeMany, type LogDocument } from './serializer.ts';

/** Asked for at each request: the client is one and the same, and a failure is not kept. */
async function logs(): Promise<Collection> {
  return (await getMongoDatabase()).collection('test_data');
}

/** A number of digits alone, `fallback` where there is none, undefined where it is anything else. */
function digits(text: unknown, fallback: number): number | undefined {
  if (text === undefined) return fallback;
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined;
}

const list: RequestHandler = async (req, res) => {
  const limit = digits(req.query.limit, 50);
  const offset = digits(req.query.offset, 0);
  if (!limit) return void res.status(400).json({ limit: ['Expected a whole number from 1 to 100.'] });
  if (offset === undefined) return void res.status(400).json({ offset: ['Expected a whole number from 0 on.'] });
  const found = await (await logs()).find().sort({ timestamp: -1, _id: -1 }).skip(offset).limit(Math.min(limit, 100)).toArray();
  res.json(serializeMany(found as LogDocument[]));
};

const create: RequestHandler = async (req, res) => {
  if (Array.isArray(req.body)) {
    const inputs = req.body.map((one) => deserialize(one));
    if (inputs.every((one) => one.ok)) {
      await (await logs()).insertMany(inputs.map((one) => ({ timestamp: new Date(), ...one.value })));
      return void res.status(201).json([]);
    }
  }
  const input = deserialize(req.body);
  if (!input.ok) return void res.status(400).json(input.errors);
  const document = { ...input.value, timestamp: input.value.timestamp ?? new Date() };
  const { insertedId } = await (await logs()).insertOne(document);
  res.status(201).json(serialize({ ...document, _id: insertedId }));
};

const needsJson: RequestHandler = (req, res, next) => {
  if (req.is('application/json')) next();
  else res.status(415).json({ detail: 'Send JSON, with the header Content-Type: application/json.' });
};

const methodNotAllowed: RequestHandler = (_req, res) => {
  res.status(405).set('Allow', 'GET, HEAD, POST').json({ detail: 'Use GET or POST here.' });
};

const notFound: RequestHandler = (_req, res) => {
  res.status(404).json({ detail: 'There is nothing here.' });
};

/** Everything that is thrown ends here. What a visitor may know goes into the answer, all of it into our own log. */
const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError) {
    console.error('MongoDB is down:', error.message);
    return void res.status(503).json({ detail: 'The database is down. Please try again in a moment.' });
  }
  // Malformed JSON, and bodies that are too large: express.json() says which status fits.
  const status = Number((error as { status?: unknown }).status);
  if (status >= 400 && status < 500) return void res.status(status).json({ detail: status === 413 ? 'The body is too large.' : 'The body is no JSON.' });
  console.error(error);
  res.status(500).json({ detail: 'Something went wrong here.' });
};

const app = express();
app.disable('x-powered-by');
app.route('/api/mongo/testlogs/').get(list).post(needsJson, express.json({ limit: '1mb' }), create).all(methodNotAllowed);
app.use(notFound);
app.use(onError);

const port = Number(process.env.PORT || 3000);
const server = app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/api/mongo/testlogs/`);
});

process.once('SIGTERM', () => {
  server.close(() => {
    closeMongoClient().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
});
