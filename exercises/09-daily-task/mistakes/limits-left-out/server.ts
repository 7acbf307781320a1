import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { MongoClient, MongoNetworkError, MongoServerSelectionError, ObjectId, type Document } from 'mongodb';
import { z } from 'zod';

const client = new MongoClient(process.env.MONGO_URI || 'mongodb://127.0.0.1:27017/', { serverSelectionTimeoutMS: 3000 });
const books = client.db(process.env.MONGO_DB_NAME || 'daily_task').collection('books');

const fields = z.object({
  title: z.string().min(1).max(200),
  pages: z.int().gt(1).lt(10_000),
  finished_on: z.iso.datetime({ offset: true }).transform((written) => new Date(written)).optional(),
});

const list: RequestHandler = async (_req, res) => {
  res.json(await books.find().sort({ _id: -1 }).limit(100).toArray());
};

const create: RequestHandler = async (req, res) => {
  const input = fields.safeParse(req.body);
  if (!input.success) return void res.status(400).json(z.flattenError(input.error).fieldErrors);
  const book: Document = { ...input.data };
  await books.insertOne(book);
  res.status(201).json(book);
};

const change: RequestHandler<{ id: string }> = async (req, res) => {
  const input = fields.partial().safeParse(req.body);
  if (!input.success) return void res.status(400).json(z.flattenError(input.error).fieldErrors);
  const _id = ObjectId.isValid(req.params.id) ? new ObjectId(req.params.id) : null;
  const book = _id && (await books.findOneAndUpdate({ _id }, { $set: input.data }, { returnDocument: 'after' }));
  if (book) res.json(book);
  else res.status(404).json({ detail: 'There is no such book.' });
};

const remove: RequestHandler<{ id: string }> = async (req, res) => {
  const _id = ObjectId.isValid(req.params.id) ? new ObjectId(req.params.id) : null;
  const { deletedCount } = _id ? await books.deleteOne({ _id }) : { deletedCount: 0 };
  res.status(deletedCount === 1 ? 204 : 404).end();
};

const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  const down = error instanceof MongoServerSelectionError || error instanceof MongoNetworkError;
  const status = down ? 503 : Number((error as { status?: number }).status ?? 500);
  if (status === 500) console.error(error);
  res.status(status).json({ detail: down ? 'The database is down. Please try again in a moment.' : 'That did not work.' });
};

const app = express();
app.use(express.json());
app.route('/books/').get(list).post(create);
app.route('/books/:id/').patch(change).delete(remove);
app.use(onError);

const port = Number(process.env.PORT || 3000);
app.listen(port, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${port}/books/`));
