import { config } from 'dotenv';
import { ObjectId } from 'mongodb';
import { Author, BlogPost, BlogPostWithRef, connection } from './models.js';

export type Id = string | ObjectId;
type Fields = Record<string, unknown>;

export async function connect(): Promise<void> {
  config({ quiet: true });
  const { MONGO_URI, MONGO_DB_NAME } = process.env;
  await connection.openUri(MONGO_URI || 'mongodb://127.0.0.1:27017', { dbName: MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 2000 });
  await BlogPost.collection.createIndexes([{ key: { title: 1 } }, { key: { published_date: -1 } }, { key: { is_published: 1, tags: 1 } }]);
}

export const disconnect = (): Promise<void> => connection.close();

function idOf(id: Id): ObjectId | undefined {
  if (id instanceof ObjectId) return id;
  return ObjectId.isValid(id) && new ObjectId(id).toHexString() === id.toLowerCase() ? new ObjectId(id) : undefined;
}

export async function createPost(input: Fields) {
  const [post] = await BlogPost.create([input]);
  return post?.toObject();
}

export async function listPosts({ tag, is_published, limit = 20 }: { tag?: string; is_published?: string; limit?: number } = {}) {
  const posts = [];
  const filter: Fields = {};
  if (tag) filter.tags = { $elemMatch: { $eq: tag } };
  if (is_published) filter.is_published = { $in: [is_published] };
  for await (const post of BlogPost.find(filter).sort([['published_date', -1]]).limit(limit)) posts.push(post);
  return posts;
}

export async function getPost(id: Id) {
  const _id = idOf(id);
  return _id ? BlogPost.findById(_id).exec() : null;
}

export async function updatePost(id: Id, changes: Fields) {
  const _id = idOf(id);
  if (!_id) return null;
  const { matchedCount } = await BlogPost.updateOne({ _id }, changes, { runValidators: true });
  return matchedCount === 1 ? BlogPost.findById(_id).exec() : null;
}

export async function deletePost(id: Id): Promise<boolean> {
  const _id = idOf(id);
  return _id !== undefined && Boolean(await BlogPost.findOneAndDelete({ _id }));
}

export async function listPostsWithAuthors() {
  const posts = await BlogPostWithRef.find().lean();
  const authors = new Map((await Author.find({ _id: { $in: posts.map(({ author }) => author) } }).lean()).map((author) => [String(author._id), author]));
  return posts.map((post) => ({ ...post, author: authors.get(String(post.author)) ?? null }));
}
