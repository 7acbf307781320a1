import express, { type NextFunction, type Request, type Response } from 'express';
import mongoose from 'mongoose';

const Book = mongoose.model('Book', new mongoose.Schema({
  title: { type: String, required: true, minlength: 1, maxlength: 200, cast: false },
  pages: { type: Number, required: true, min: 1, max: 10000, cast: false, validate: Number.isInteger },
  finished_on: { type: Date },
}, { collection: 'books' }));

await mongoose.connect(process.env.MONGO_URI ?? '', { dbName: process.env.MONGO_DB_NAME ?? '', serverSelectionTimeoutMS: 2500, bufferCommands: false });

const app = express();
app.use(express.json());
app.get('/books/', async (_req, res) => {
  res.json(await Book.find().sort({ _id: -1 }).limit(50).lean());
});
app.post('/books/', async (req, res) => {
  res.status(201).json(await Book.create(req.body));
});
app.patch('/books/:id/', async (req, res) => {
  const book = await Book.findByIdAndUpdate(req.params.id, { $set: req.body }, { runValidators: true, returnDocument: 'after' });
  res.status(book ? 200 : 404).json(book);
});
app.delete('/books/:id/', async (req, res) => {
  const gone = await Book.findByIdAndDelete(req.params.id);
  res.sendStatus(gone ? 204 : 404);
});
app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
  if (error instanceof mongoose.Error.ValidationError || error instanceof mongoose.Error.CastError) res.status(400).json({ error: error.message });
  else if (/^Mongo/.test(error.name)) res.status(503).json({ error: 'The database is down.' });
  else res.status(500).json({ error: 'A bug.' });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
