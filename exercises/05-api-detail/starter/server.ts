import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { getMongoDatabase } from './mongo.ts';

/** GET /api/mongo/logs/ */
const list: RequestHandler = async (_req, res) => {
  // const db = await getMongoDatabase();
  res.status(501).json({ detail: 'list is still to be written' });
};

/** POST /api/mongo/logs/ */
const create: RequestHandler = async (_req, res) => {
  res.status(501).json({ detail: 'create is still to be written' });
};

/** GET /api/mongo/logs/:id/ */
const getOne: RequestHandler<{ id: string }> = async (req, res) => {
  res.status(501).json({ detail: `getOne is still to be written: ${req.params.id}` });
};

/** PUT /api/mongo/logs/:id/ */
const replace: RequestHandler<{ id: string }> = async (req, res) => {
  res.status(501).json({ detail: `replace is still to be written: ${req.params.id}` });
};

/** PATCH /api/mongo/logs/:id/ */
const change: RequestHandler<{ id: string }> = async (req, res) => {
  res.status(501).json({ detail: `change is still to be written: ${req.params.id}` });
};

/** DELETE /api/mongo/logs/:id/ */
const remove: RequestHandler<{ id: string }> = async (req, res) => {
  res.status(501).json({ detail: `remove is still to be written: ${req.params.id}` });
};

/** Express calls this one for everything that is thrown, or rejected, while a request is answered. */
const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  console.error(error);
  res.status(501).json({ detail: 'onError is still to be written' });
};

// What you are going to need.
void getMongoDatabase;

const app = express();
app.route('/api/mongo/logs/').get(list).post(create);
app.route('/api/mongo/logs/:id/').get(getOne).put(replace).patch(change).delete(remove);
app.use(onError);

const port = Number(process.env.PORT || 3000);
app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/api/mongo/logs/`);
});
