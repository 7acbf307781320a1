import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { getMongoDatabase } from './mongo.ts';
import { deserialize, serialize, serializeMany } from './serializer.ts';

/** GET: 200 and the list. */
const list: RequestHandler = async (_req, res) => {
  // const db = await getMongoDatabase();
  res.status(501).json({ detail: 'list is still to be written' });
};

/** POST: 201 and the stored log. */
const create: RequestHandler = async (_req, res) => {
  res.status(501).json({ detail: 'create is still to be written' });
};

/** Express calls this one for everything that is thrown, or rejected, while a request is answered. */
const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  console.error(error);
  res.status(501).json({ detail: 'onError is still to be written' });
};

// What you are going to need.
void [getMongoDatabase, deserialize, serialize, serializeMany];

const app = express();
app.route('/api/mongo/testlogs/').get(list).post(create);
app.use(onError);

const port = Number(process.env.PORT || 3000);
app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/api/mongo/testlogs/`);
});
