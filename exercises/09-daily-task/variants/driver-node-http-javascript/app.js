import { createServer } from 'node:http';
import * as mongo from 'mongodb';

const client = new mongo.MongoClient(process.env.MONGO_URI, { serverSelectionTimeoutMS: 2000 });
const collection = () => client.db(process.env.MONGO_DB_NAME).collection('books');

function problems(body) {
  const errors = [];
  if (typeof body.title !== 'string' || body.title.length < 1 || body.title.length > 200) errors.push('title');
  if (!Number.isInteger(body.pages) || body.pages < 1 || body.pages > 10000) errors.push('pages');
  if (body.finished_on !== undefined && (typeof body.finished_on !== 'string' || Number.isNaN(Date.parse(body.finished_on)))) errors.push('finished_on');
  return errors;
}

async function handle(req) {
  const [, id] = /^\/books\/(?:([^/]+)\/)?$/.exec(req.url) ?? [];
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  if (req.method === 'GET') return [200, { books: await collection().find({}, { sort: { _id: -1 }, limit: 60 }).toArray() }];
  if (req.method === 'DELETE') return [(await collection().findOneAndDelete({ _id: new mongo.ObjectId(id) })) ? 200 : 404, {}];
  const errors = problems(body);
  if (errors.length > 0) return [400, { errors }];
  if (req.method === 'PATCH') {
    const result = await collection().updateOne({ _id: new mongo.ObjectId(id) }, { $set: body });
    return [result.matchedCount ? 200 : 404, {}];
  }
  const { insertedId } = await collection().insertOne({ ...body });
  return [201, { id: insertedId }];
}

createServer((req, res) => {
  handle(req).catch((error) => (error instanceof mongo.MongoError ? [503, { error: 'down' }] : [400, { error: error.name }]))
    .then(([status, body]) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
}).listen(process.env.PORT, '127.0.0.1');
