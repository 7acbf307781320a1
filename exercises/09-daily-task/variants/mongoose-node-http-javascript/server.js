import { createServer } from 'node:http';
import { connect, Error as Errors, model, Schema } from 'mongoose';

const Book = model('Book', new Schema({
  title: { type: String, required: true, minlength: 1, maxlength: 200, cast: false },
  pages: { type: Number, required: true, min: 1, max: 10000, cast: false, validate: Number.isInteger },
  finished_on: { type: Date },
}, { collection: 'books', versionKey: false }));

await connect(process.env.MONGO_URI, { dbName: process.env.MONGO_DB_NAME, serverSelectionTimeoutMS: 2000, bufferCommands: false });

const routes = {
  GET: async () => [200, await Book.find({}, null, { sort: { _id: -1 }, limit: 70 })],
  POST: async (id, body) => [201, await new Book(body).save()],
  PATCH: async (id, body) => {
    const book = await Book.findById(id);
    if (!book) return [404, {}];
    return [200, await book.set(body).save()];
  },
  DELETE: async (id) => [(await Book.deleteOne({ _id: id })).deletedCount ? 200 : 404, {}],
};

createServer((req, res) => {
  let text = '';
  req.on('data', (part) => (text += part));
  req.on('end', async () => {
    let answer;
    try {
      answer = await routes[req.method](req.url.split('/')[2], text ? JSON.parse(text) : undefined);
    } catch (error) {
      answer = [error instanceof Errors.ValidationError ? 400 : error.name.startsWith('Mongo') ? 503 : 500, { error: error.name }];
    }
    res.writeHead(answer[0], { 'content-type': 'application/json' }).end(JSON.stringify(answer[1]));
  });
}).listen(process.env.PORT, '127.0.0.1');
