import { config } from 'dotenv';
import mongoose, { isObjectIdOrHexString, type Types } from 'mongoose';
import { Author, BlogPost, BlogPostWithRef } from './models.ts';

/** An id as code has it, or as it stands in a URL. The text may be anything at all. */
export type Id = string | Types.ObjectId;

export type State = 'yes' | 'no' | 'draft';

export interface PostInput {
  title: string;
  content: string;
  author?: { name: string; email?: string };
  tags?: string[];
  published_date?: Date;
  is_published?: State;
}

export interface ListOptions {
  tag?: string;
  is_published?: State;
  limit?: number;
}

/** Connects, and waits for the indexes. Rejects within five seconds where no server answers. */
export async function connect(): Promise<void> {
  config({ quiet: true });
  await mongoose.connect(process.env.MONGO_URI || 'mongodb://localhost:27017/', {
    dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db',
    serverSelectionTimeoutMS: 3_000,
  });
  for (const model of [BlogPost, Author, BlogPostWithRef]) await model.createIndexes();
}

export async function disconnect(): Promise<void> {
  await mongoose.disconnect();
}

/** Create: stores the post. Rejects with a ValidationError, which has a key for each bad field. */
export async function createPost(input: PostInput) {
  return BlogPost.create(input);
}

/** Read many: newest first. The database filters, sorts and limits. */
export async function listPosts({ tag, is_published, limit = 20 }: ListOptions = {}) {
  // Only what was asked for: a filter { tags: undefined } would look for posts without tags.
  const filter = { ...(is_published === undefined ? {} : { is_published }), ...(tag === undefined ? {} : { tags: tag }) };
  return BlogPost.find(filter).sort({ published_date: -1 }).limit(tag === undefined ? limit : 0);
}

/** Read one: null where there is none, and where the id is no id at all. */
export async function getPost(id: Id) {
  return isObjectIdOrHexString(id) ? BlogPost.findById(id) : null;
}

/** Update: writes the fields given and no others, by the schema's rules. */
export async function updatePost(id: Id, changes: Partial<PostInput>) {
  if (!isObjectIdOrHexString(id)) return null;
  return BlogPost.findByIdAndUpdate(id, { $set: changes }, { returnDocument: 'after', runValidators: true });
}

/** Delete: that one. True when it was there. */
export async function deletePost(id: Id): Promise<boolean> {
  if (!isObjectIdOrHexString(id)) return false;
  return (await BlogPost.deleteOne({ _id: id })).deletedCount === 1;
}

/** All posts that refer to an author, each with the author's document: one query for the posts, one for all authors. */
export async function listPostsWithAuthors() {
  return BlogPostWithRef.find().populate('author');
}
