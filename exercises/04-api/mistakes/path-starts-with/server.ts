import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { MongoError, type Document } from 'mongodb';
import { getMongoDatabase } from './mongo.ts';
import { deserialize, serialize, serializeMany, type LogDocument } from './serializer.ts';

class HttpError extends Error {
  readonly status: number;
  readonly body: object;
  constructor(status: number, body: object) {
    super(`${status}`);
    this.status = status;
    this.body = body;
  }
}

const most = 1024 * 1024;

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new HttpError(413, { error: 'too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new HttpError(415, { error: 'JSON, please' });
  const text = await readBody(req);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpError(400, { error: 'no JSON' });
  }
}

function parameter(url: URL, name: string, fallback: number, least: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return fallback;
  if (!/^[0-9]+$/.test(text) || Number(text) < least) throw new HttpError(400, { [name]: ['A valid integer is required.'] });
  return Number(text);
}

async function answer(req: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const url = new URL(req.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith('/api/mongo/testlogs/')) throw new HttpError(404, { error: 'not found' });
  if (req.method === 'GET') {
    const limit = Math.min(100, parameter(url, 'limit', 50, 1));
    const skip = parameter(url, 'offset', 0, 0);
    const db = await getMongoDatabase();
    const docs = await db.collection('test_data').find<Document>({}, { sort: [['timestamp', 'desc'], ['_id', 'desc']], skip, limit }).toArray();
    return { status: 200, body: serializeMany(docs as LogDocument[]) };
  }
  if (req.method !== 'POST') throw new HttpError(405, { error: 'GET or POST' });
  const result = deserialize(await readJson(req));
  if (!result.ok) throw new HttpError(400, result.errors);
  const doc: Document = { ...result.value };
  doc.timestamp ??= new Date();
  const db = await getMongoDatabase();
  await db.collection('test_data').insertOne(doc);
  return { status: 201, body: serialize(doc as LogDocument) };
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', ...(status === 405 ? { allow: 'POST, GET' } : {}) }).end(text);
}

createServer((req, res) => {
  answer(req).then(
    ({ status, body }) => send(res, status, body),
    (error: unknown) => {
      if (error instanceof HttpError) send(res, error.status, error.body);
      else if (error instanceof MongoError) send(res, 503, { error: 'database unavailable' });
      else send(res, 500, { error: 'oops' });
      // What is left of a body that is too large is of no interest.
      if (error instanceof HttpError && error.status === 413) res.once('finish', () => req.destroy());
    },
  );
}).listen(Number(process.env.PORT), '127.0.0.1');
