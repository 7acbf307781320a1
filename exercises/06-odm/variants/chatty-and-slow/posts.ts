import 'dotenv/config';
import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import { BlogPost, BlogPostWithRef } from './models.ts';

mongoose.set('debug', true);
mongoose.connection.on('connected', () => console.log('Mongoose is connected'));
mongoose.connection.on('error', (error) => console.error('Mongoose says', error));

const log = <T>(what: string, value: T): T => {
  console.log(what, value);
  return value;
};

export async function connect() {
  await wait(100);
  if (mongoose.connection.readyState !== 0) return;
  await mongoose.connect(process.env.MONGO_URI || 'mongodb://localhost:27017/', { dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 3500 });
  await mongoose.connection.db?.admin().ping();
  await BlogPost.ensureIndexes();
  log('indexes', await BlogPost.listIndexes());
}

export async function disconnect() {
  await wait(50);
  await mongoose.disconnect();
  console.log('Bye');
}

export async function createPost(input: Record<string, unknown>) {
  await wait(20);
  const post = await BlogPost.create(input).catch((error: unknown) => {
    console.error('Could not create', input, error);
    throw error;
  });
  return log('created', (await BlogPost.findById(post._id))?.toJSON());
}

export async function listPosts(options: { tag?: string; is_published?: string; limit?: number } = {}) {
  const { limit = 20, ...wanted } = options;
  const filter: Record<string, unknown> = {};
  if ('tag' in wanted) filter.tags = wanted.tag;
  if ('is_published' in wanted) filter.is_published = wanted.is_published;
  log('how many', await BlogPost.countDocuments(filter));
  return log('found', await BlogPost.find(filter).limit(limit).sort({ published_date: 'descending' }));
}

const isId = (id: unknown): boolean => id instanceof mongoose.Types.ObjectId || (typeof id === 'string' && id.length === 24 && mongoose.isValidObjectId(id));

export async function getPost(id: string | mongoose.Types.ObjectId) {
  if (!isId(id) || !(await BlogPost.exists({ _id: id }))) return null;
  return log('got', await BlogPost.findById(id));
}

export async function updatePost(id: string | mongoose.Types.ObjectId, changes: Record<string, unknown>) {
  const before = await getPost(id);
  if (!before) return null;
  await before.updateOne(changes, { runValidators: true });
  await wait(30);
  return getPost(id);
}

export async function deletePost(id: string | mongoose.Types.ObjectId) {
  const there = await getPost(id);
  if (there) await BlogPost.deleteMany({ _id: id });
  return there !== null;
}

export async function listPostsWithAuthors() {
  await wait(50);
  return log('with authors', await BlogPostWithRef.find().sort({ title: 1 }).populate<{ author: { name: string } | null }>('author').exec());
}
