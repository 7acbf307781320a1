import dotenv from 'dotenv';
import mongoose, { type HydratedDocument } from 'mongoose';
import { Author, BlogPost, BlogPostWithRef, type BlogPostFields } from './models';

dotenv.config({ quiet: true });

type Post = HydratedDocument<BlogPostFields>;
export type Id = string | mongoose.Types.ObjectId;

export async function connect(): Promise<void> {
  await mongoose.connect(process.env.MONGO_URI || 'mongodb://localhost:27017/', { dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 4000 });
  await Promise.all([BlogPost.init(), Author.init(), BlogPostWithRef.init()]);
}

export async function disconnect(): Promise<void> {
  await mongoose.connection.close();
}

/** Runs a query by an id; null where Mongoose can't make an ObjectId of it. */
async function byId<T>(query: () => PromiseLike<T>): Promise<T | null> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof mongoose.Error.CastError && error.path === '_id') return null;
    throw error;
  }
}

export async function createPost(input: Record<string, unknown>): Promise<Post> {
  const post = new BlogPost();
  post.set(input);
  await post.validate();
  await post.save();
  return post;
}

export async function listPosts(options: { tag?: string; is_published?: string; limit?: number } = {}): Promise<Post[]> {
  const conditions: Record<string, unknown>[] = [];
  if (options.is_published !== undefined) conditions.push({ is_published: { $eq: options.is_published } });
  if (options.tag !== undefined) conditions.push({ tags: { $all: [options.tag] } });
  return BlogPost.find(conditions.length > 0 ? { $and: conditions } : {}, null, { sort: { published_date: 'desc' }, limit: options.limit ?? 20 });
}

export async function getPost(id: Id): Promise<Post | null> {
  return byId(() => BlogPost.findById(id));
}

export async function updatePost(id: Id, changes: Record<string, unknown>): Promise<Post | null> {
  const post = await getPost(id);
  if (!post) return null;
  Object.assign(post, changes);
  return post.save();
}

export async function deletePost(id: Id): Promise<boolean> {
  const post = await getPost(id);
  await post?.deleteOne();
  return post !== null;
}

export async function listPostsWithAuthors(): Promise<unknown[]> {
  const posts = await BlogPostWithRef.find();
  return BlogPostWithRef.populate(posts, { path: 'author' });
}
