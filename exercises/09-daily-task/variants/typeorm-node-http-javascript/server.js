import { createServer } from 'node:http';
import { ObjectId } from 'mongodb';
import { DataSource, EntitySchema } from 'typeorm';

const Book = new EntitySchema({ name: 'Book', tableName: 'books', columns: { _id: { type: 'string', objectId: true, primary: true, generated: true }, title: { type: 'string' }, pages: { type: 'number' }, finished_on: { type: 'string', nullable: true } } });
const source = new DataSource({ type: 'mongodb', url: process.env.MONGO_URI, database: process.env.MONGO_DB_NAME, entities: [Book], extra: { serverSelectionTimeoutMS: 2000 } });
await source.initialize();
const books = source.getMongoRepository(Book);

const right = ({ title, pages, finished_on: on }) => typeof title === 'string' && title !== '' && title.length <= 200 && Number.isInteger(pages) && pages >= 1 && pages <= 10000 && (on === undefined || (typeof on === 'string' && !Number.isNaN(Date.parse(on))));

async function answer(req) {
  let text = '';
  for await (const part of req) text += part;
  const body = text ? JSON.parse(text) : {};
  const id = req.url.split('/')[2];
  if (req.method === 'GET') return [200, { results: await books.find({ order: { _id: -1 }, take: 50 }) }];
  if (req.method === 'DELETE') return [200, await books.delete(new ObjectId(id))];
  if (!right(body)) return [400, { error: 'invalid' }];
  if (req.method === 'PATCH') return [200, await books.updateOne({ _id: new ObjectId(id) }, { $set: body })];
  return [201, await books.save(books.create(body))];
}

createServer((req, res) => {
  answer(req).catch((error) => [error.name.startsWith('Mongo') ? 503 : 500, { error: error.name }])
    .then(([status, body]) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
}).listen(process.env.PORT, '127.0.0.1');
