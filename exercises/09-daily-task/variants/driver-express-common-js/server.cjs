'use strict';
const express = require('express');
const { MongoClient, ObjectId } = require('mongodb');
const { faults, cleaned, folder } = require('./rules');

const client = new MongoClient(process.env.MONGO_URI, { serverSelectionTimeoutMS: 2500 });
const books = client.db(process.env.MONGO_DB_NAME).collection('books');

const app = express();
app.use(express.json());
app.get('/books/', async (_req, res) => {
  res.json({ folder, columns: ['title', 'pages', 'finished_on'], books: await books.find().sort({ _id: -1 }).limit(60).toArray() });
});
app.post('/books/', async (req, res) => {
  const wrong = faults(req.body ?? {}, false);
  if (wrong.length > 0) return res.status(400).json({ wrong });
  const book = cleaned(req.body);
  await books.insertOne(book);
  res.status(201).json(book);
});
app.patch('/books/:id/', async (req, res) => {
  const wrong = faults(req.body ?? {}, true);
  if (wrong.length > 0) return res.status(400).json({ wrong });
  await books.updateOne({ _id: new ObjectId(req.params.id) }, { $set: cleaned(req.body) });
  res.sendStatus(204);
});
app.delete('/books/:id/', async (req, res) => {
  await books.deleteOne({ _id: new ObjectId(req.params.id) });
  res.sendStatus(204);
});
app.use((error, _req, res, _next) => {
  res.status(/^Mongo/.test(error.name) ? 503 : 500).json({ error: error.name });
});

// As a program, and not where a test requires it.
if (require.main === module) app.listen(process.env.PORT, '127.0.0.1');
module.exports = app;
