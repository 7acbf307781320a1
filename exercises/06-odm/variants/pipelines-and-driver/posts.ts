import { config } from 'dotenv';
import mongoose, { Types } from 'mongoose';
import { Author, BlogPost, BlogPostWithRef } from './models.ts';

export type Id = string | Types.ObjectId;
type Fields = Record<string, unknown>;

export async function connect(): Promise<void> {
  config({ quiet: true });
  await mongoose.connect(process.env.MONGO_URI || 'mongodb://localhost:27017/', { dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 3_000 });
  await BlogPost.syncIndexes();
}

export async function disconnect(): Promise<void> {
  await mongoose.disconnect();
}

const objectId = (id: Id): Types.ObjectId | null => (/^[0-9a-f]{24}$/i.test(String(id)) ? new Types.ObjectId(String(id)) : null);

export async function createPost(input: Fields): Promise<Fields> {
  const post = new BlogPost(input);
  await post.validate();
  const stored = post.toObject();
  await BlogPost.collection.insertOne(stored);
  return JSON.parse(JSON.stringify(stored)) as Fields;
}

export async function listPosts({ tag, is_published, limit = 20 }: { tag?: string; is_published?: string; limit?: number } = {}): Promise<Fields[]> {
  return BlogPost.aggregate([
    { $match: { ...(is_published ? { is_published } : {}) } },
    { $match: { ...(tag ? { tags: tag } : {}), ...(is_published ? { is_published } : {}) } },
    { $sort: { published_date: -1 } },
    { $limit: limit },
  ]);
}

export async function getPost(id: Id): Promise<Fields | null> {
  const [post] = await BlogPost.aggregate([{ $match: { _id: objectId(id) } }]);
  return post ?? null;
}

export async function updatePost(id: Id, changes: Fields): Promise<Fields | null> {
  const cast = (await BlogPost.validate(changes, Object.keys(changes))) as Fields;
  return BlogPost.collection.findOneAndUpdate({ _id: objectId(id) ?? undefined }, { $set: cast }, { returnDocument: 'after', ignoreUndefined: false });
}

export async function deletePost(id: Id): Promise<boolean> {
  const _id = objectId(id);
  if (!_id) return false;
  const { deletedCount } = await BlogPost.bulkWrite([{ deleteOne: { filter: { _id } } }]);
  return deletedCount > 0;
}

export async function listPostsWithAuthors(): Promise<Fields[]> {
  return BlogPostWithRef.aggregate([
    { $lookup: { from: Author.collection.name, localField: 'author', foreignField: '_id', as: 'found' } },
    { $addFields: { author: { $ifNull: [{ $arrayElemAt: ['$found', 0] }, null] } } },
    { $project: { found: 0 } },
  ]);
}
