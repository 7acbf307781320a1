import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { MongoNetworkError, MongoServerSelectionError, ObjectId, type Collection, type Document, type Filter } from 'mongodb';
import { z } from 'zod';
import { closeMongoClient, getMongoDatabase } from './mongo.ts';

async function logs(): Promise<Collection> {
  return (await getMongoDatabase()).collection('logs');
}

/** Whether a key that begins with $ is anywhere in a value, however deep. */
function hasDollarKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.startsWith('$') || hasDollarKey(inner));
}

const fields = z.object({
  user_id: z.int(),
  action: z.string().min(1).max(100),
  timestamp: z.iso.datetime({ offset: true }).transform((written) => new Date(written)),
  data: z.record(z.string(), z.unknown()).refine((data) => !hasDollarKey(data), 'No key may begin with $.').optional(),
});

/** What may be created, replaced, changed: the same rules, with other fields required. */
const forms = { create: fields.partial({ timestamp: true }), replace: fields, change: fields.partial() };

/** The checked body; where it is wrong, 400 is answered and this is undefined. */
function checked(form: keyof typeof forms, body: unknown, res: Response): Document | undefined {
  const result = forms[form].safeParse(body);
  if (result.success) return result.data;
  const errors: Record<string, string[]> = {};
  for (const { path, message } of result.error.issues) (errors[String(path[0] ?? 'non_field_errors')] ??= []).push(message);
  res.status(400).json(errors);
  return undefined;
}

function serialize({ _id, user_id, action, timestamp, data }: Document): object {
  return { _id: String(_id), user_id, action, timestamp, ...(data === undefined ? {} : { data }) };
}

/** A whole number in the query, `fallback` where there is none, NaN where it is anything else. */
function whole(text: unknown, fallback: number | undefined, pattern = /^\d+$/): number | undefined {
  if (text === undefined) return fallback;
  return typeof text === 'string' && pattern.test(text) ? Number(text) : Number.NaN;
}

const list: RequestHandler = async (req, res) => {
  const limit = whole(req.query.limit, 50) as number;
  const offset = whole(req.query.offset, 0) as number;
  const userId = whole(req.query.user_id, undefined);
  const { action } = req.query;
  if (!(limit >= 1)) return void res.status(400).json({ limit: ['Expected a whole number from 1 to 100.'] });
  if (Number.isNaN(offset)) return void res.status(400).json({ offset: ['Expected a whole number from 0 on.'] });
  if (Number.isNaN(userId)) return void res.status(400).json({ user_id: ['Expected a whole number.'] });
  if (action !== undefined && typeof action !== 'string') return void res.status(400).json({ action: ['Expected one text.'] });
  const filter: Filter<Document> = { ...(userId === undefined ? {} : { user_id: userId }), ...(action === undefined ? {} : { action }) };
  const found = await (await logs()).find(filter).sort({ timestamp: -1, _id: -1 }).skip(offset).limit(Math.min(limit, 100)).toArray();
  res.json(found.map(serialize));
};

const create: RequestHandler = async (req, res) => {
  const input = checked('create', req.body, res);
  if (!input) return;
  const document: Document = { ...input, timestamp: input.timestamp ?? new Date() };
  await (await logs()).insertOne(document);
  res.status(201).json(serialize(document));
};

/** The ObjectId in the path; undefined where it is none. */
function idOf(params: { id?: string }): ObjectId | undefined {
  return /^[0-9a-f]{24}$/i.test(params.id ?? '') ? new ObjectId(params.id) : undefined;
}

function answer(res: Response, found: Document | null | undefined): void {
  if (found) res.json(serialize(found));
  else res.status(404).json({ detail: 'There is no such log.' });
}

const getOne: RequestHandler<{ id: string }> = async (req, res) => {
  const _id = idOf(req.params);
  answer(res, _id && (await (await logs()).findOne({ _id })));
};

const replace: RequestHandler<{ id: string }> = async (req, res) => {
  const _id = idOf(req.params);
  if (!_id) return answer(res, null);
  const input = checked('replace', req.body, res);
  if (!input) return;
  answer(res, await (await logs()).findOneAndReplace({ _id }, input, { returnDocument: 'after' }));
};

const change: RequestHandler<{ id: string }> = async (req, res) => {
  const _id = idOf(req.params);
  if (!_id) return answer(res, null);
  const input = checked('change', req.body, res);
  if (!input) return;
  const collection = await logs();
  // With nothing to change, there is nothing to write.
  if (Object.keys(input).length === 0) return answer(res, await collection.findOne({ _id }));
  answer(res, await collection.findOneAndUpdate({ _id }, { $set: input }, { returnDocument: 'after' }));
};

const remove: RequestHandler<{ id: string }> = async (req, res) => {
  const _id = idOf(req.params);
  const { deletedCount } = _id ? await (await logs()).deleteOne({ _id }) : { deletedCount: 0 };
  if (deletedCount === 1) res.status(204).end();
  else answer(res, null);
};

const needsJson: RequestHandler<{ id: string }> = (req, res, next) => {
  if (req.is('application/json')) next();
  else res.status(415).json({ detail: 'Send JSON, with the header Content-Type: application/json.' });
};

const only = (...methods: string[]): RequestHandler => (_req, res) => {
  res.status(405).set('Allow', methods.join(', ')).json({ detail: `Use ${methods.join(' or ')} here.` });
};

const notFound: RequestHandler = (_req, res) => {
  res.status(404).json({ detail: 'There is nothing here.' });
};

const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError) {
    console.error('MongoDB is down:', error.message);
    return void res.status(503).json({ detail: 'The database is down. Please try again in a moment.' });
  }
  const status = Number((error as { status?: unknown }).status);
  if (status >= 400 && status < 500) return void res.status(status).json({ detail: status === 413 ? 'The body is too large.' : 'The body is no JSON.' });
  console.error(error);
  res.status(500).json({ detail: 'Something went wrong here.' });
};

const app = express();
app.disable('x-powered-by');
const json = express.json({ limit: '1mb' });
app.route('/api/mongo/logs/').get(list).post(needsJson, json, create).all(only('GET', 'POST'));
app.route('/api/mongo/logs/:id/').get(getOne).put(needsJson, json, replace).patch(needsJson, json, change).delete(remove).all(only('GET', 'PUT', 'PATCH', 'DELETE'));
app.use(notFound);
app.use(onError);

const port = Number(process.env.PORT || 3000);
const server = app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/api/mongo/logs/`);
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
