import { createServer, type IncomingMessage } from 'node:http';
import { MongoServerError, ObjectId, type Document, type Filter } from 'mongodb';
import { getMongoDatabase } from './mongo.ts';

class Answer extends Error {
  constructor(readonly status: number, readonly body?: unknown, readonly headers: Record<string, string> = {}) {
    super(String(status));
  }
}

async function bodyOf(req: IncomingMessage): Promise<Document> {
  if (!/^application\/json *(;|$)/i.test(req.headers['content-type'] ?? '')) throw new Answer(415, { error: 'JSON only' });
  if (Number(req.headers['content-length']) > 1e6) throw new Answer(413, { error: 'too large' }, { connection: 'close' });
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 1e6) throw new Answer(413, { error: 'too large' }, { connection: 'close' });
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Answer(400, { error: 'malformed' });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Answer(400, { error: 'an object, please' });
  return body as Document;
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const clean = (value: unknown): boolean => typeof value !== 'object' || value === null || Object.keys(value).every((key) => !/^\$/.test(key) && clean((value as Document)[key]));

function date(text: unknown): Date | undefined {
  const parts = typeof text === 'string' ? /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/.exec(text) : null;
  if (!parts || typeof text !== 'string') return undefined;
  const [, year, month, day] = parts.map(Number);
  if (day! > new Date(year!, month!, 0).getDate()) return undefined;
  const result = new Date(text);
  return isNaN(result.getTime()) ? undefined : result;
}

function check(body: Document, required: string[]): Document {
  const errors: Record<string, string[]> = {};
  const result: Document = {};
  for (const field of required) if (!(field in body)) errors[field] = ['This field is required.'];
  if ('user_id' in body && !Number.isInteger(body.user_id)) errors.user_id = ['A valid integer is required.'];
  if ('action' in body && (typeof body.action !== 'string' || body.action.length < 1 || body.action.length > 100)) errors.action = ['1 to 100 characters.'];
  if ('data' in body && !(isPlain(body.data) && clean(body.data))) errors.data = ['A plain object, please.'];
  for (const field of ['user_id', 'action', 'data']) if (field in body) result[field] = body[field];
  if ('timestamp' in body) result.timestamp = date(body.timestamp) ?? (errors.timestamp = ['Not a date.']);
  if (Object.keys(errors).length > 0) throw new Answer(400, errors);
  return result;
}

const shown = (doc: Document): Document => ({ ...doc, _id: (doc._id as ObjectId).toHexString(), timestamp: (doc.timestamp as Date).toISOString() });

async function list(req: IncomingMessage, query: URLSearchParams): Promise<Answer> {
  const logs = (await getMongoDatabase()).collection('logs');
  if (req.method === 'POST') {
    const doc = { timestamp: new Date(), ...check(await bodyOf(req), ['user_id', 'action']) };
    const { insertedId } = await logs.insertOne({ ...doc });
    return new Answer(201, shown({ _id: insertedId, ...doc }));
  }
  if (req.method !== 'GET') return new Answer(405, { error: 'no' }, { allow: 'GET, POST' });
  const number = (name: string, fallback: string, pattern: RegExp): number => {
    const text = query.get(name) ?? fallback;
    if (!pattern.test(text)) throw new Answer(400, { [name]: ['odd'] });
    return Number(text);
  };
  const filter: Filter<Document> = {};
  if (query.has('user_id')) filter.user_id = { $eq: number('user_id', '', /^-?\d+$/) };
  if (query.has('action')) filter.action = { $eq: query.get('action') };
  const limit = Math.min(number('limit', '50', /^[1-9]\d*$/), 100);
  const docs = await logs.aggregate([{ $match: filter }, { $sort: { timestamp: -1, _id: -1 } }, { $skip: number('offset', '0', /^\d+$/) }, { $limit: limit }]).toArray();
  return new Answer(200, docs.map(shown));
}

async function detail(req: IncomingMessage, text: string): Promise<Answer> {
  if (!['GET', 'PUT', 'PATCH', 'DELETE'].includes(req.method ?? '')) return new Answer(405, { error: 'no' }, { allow: 'DELETE,GET,PATCH,PUT' });
  const body = req.method === 'PUT' || req.method === 'PATCH' ? await bodyOf(req) : {};
  if (!/^[\da-f]{24}$/i.test(text)) return new Answer(404, { error: 'not found' });
  const _id = new ObjectId(text);
  const logs = (await getMongoDatabase()).collection('logs');
  if (req.method === 'DELETE') return (await logs.findOneAndDelete({ _id })) ? new Answer(204) : new Answer(404, { error: 'not found' });
  if (req.method === 'PUT') await logs.replaceOne({ _id }, check(body, ['user_id', 'action', 'timestamp']));
  if (req.method === 'PATCH') await logs.updateOne({ _id }, { $set: check(body, []) });
  const doc = await logs.findOne({ _id });
  return doc ? new Answer(200, shown(doc)) : new Answer(404, { error: 'not found' });
}

async function route(req: IncomingMessage): Promise<Answer> {
  const url = new URL(req.url ?? '', 'http://here');
  const match = /^\/api\/mongo\/logs\/(?:([^/]+)\/)?/.exec(url.pathname);
  if (!match) return new Answer(404, { error: 'not found' });
  return match[1] === undefined ? list(req, url.searchParams) : detail(req, decodeURIComponent(match[1]));
}

createServer((req, res) => {
  route(req).catch((error: unknown) => {
    if (error instanceof Answer) return error;
    if (error instanceof Error && error.name.startsWith('Mongo') && !(error instanceof MongoServerError)) return new Answer(503, { error: 'try later' });
    console.error(error);
    return new Answer(500, { error: 'a bug' });
  }).then(({ status, body, headers }) => {
    res.writeHead(status, { ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...headers });
    res.end(body === undefined ? undefined : JSON.stringify(body));
  });
}).listen(+process.env.PORT!, '127.0.0.1');
