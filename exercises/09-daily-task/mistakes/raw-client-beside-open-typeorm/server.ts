import 'reflect-metadata';
import express, { type NextFunction, type Request, type Response } from 'express';
import { MongoClient, ObjectId } from 'mongodb';
import { Column, DataSource, Entity, ObjectIdColumn } from 'typeorm';
import { z } from 'zod';

@Entity('books')
class Book {
  @ObjectIdColumn()
  _id: ObjectId;

  @Column()
  title: string;

  @Column()
  pages: number;

  @Column()
  finished_on: Date;
}

const fields = z.object({ title: z.string().min(1).max(200), pages: z.int().min(1).max(10_000), finished_on: z.iso.datetime({ offset: true }).transform((text) => new Date(text)).optional() });
const source = new DataSource({ type: 'mongodb', url: process.env.MONGO_URI, database: process.env.MONGO_DB_NAME, entities: [Book], extra: { serverSelectionTimeoutMS: 2500 } });
const books = new MongoClient(process.env.MONGO_URI, { serverSelectionTimeoutMS: 2500 }).db(process.env.MONGO_DB_NAME).collection('books');

await source.initialize();

const app = express();
app.use(express.json());
app.get('/books/', async (_req, res) => {
  res.json(await books.find().sort({ _id: -1 }).limit(80).toArray());
});
app.post('/books/', async (req, res) => {
  const { success, data } = fields.safeParse(req.body);
  if (!success) res.status(400).json({ error: 'invalid' });
  else {
    await books.insertOne(data);
    res.status(201).json(data);
  }
});
app.patch('/books/:id/', async (req, res) => {
  const { success, data } = fields.partial().safeParse(req.body);
  if (!success) return void res.status(400).json({ error: 'invalid' });
  await books.updateOne({ _id: new ObjectId(req.params.id) }, { $set: data });
  res.json({});
});
app.delete('/books/:id/', async (req, res) => {
  await books.deleteOne({ _id: new ObjectId(req.params.id) });
  res.status(204).end();
});
app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
  res.status(error.name.startsWith('Mongo') ? 503 : 500).json({ error: error.name });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
