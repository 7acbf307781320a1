import { type Types } from 'mongoose';
import { BlogPost, BlogPostWithRef } from './models.ts';

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

/** Connects to MONGO_URI and MONGO_DB_NAME; resolves when the server has answered and the indexes are there. */
export async function connect(): Promise<void> {
  throw new Error('connect is still to be written');
}

/** Closes the connection. */
export async function disconnect(): Promise<void> {
  throw new Error('disconnect is still to be written');
}

/** Create: stores the post, and gives it. */
export async function createPost(input: PostInput): Promise<unknown> {
  throw new Error(`createPost is still to be written: ${input.title} into ${BlogPost.collection.name}`);
}

/** Read many: newest published_date first. The database filters, sorts and limits. */
export async function listPosts({ tag, is_published, limit = 20 }: ListOptions = {}): Promise<unknown[]> {
  throw new Error(`listPosts is still to be written: ${limit} of ${tag} and ${is_published}`);
}

/** Read one: null where there is none, and where the id is no id at all. */
export async function getPost(id: Id): Promise<unknown> {
  throw new Error(`getPost is still to be written: ${id}`);
}

/** Update: the fields in `changes` and no others, by the schema's rules. Gives the updated post, or null. */
export async function updatePost(id: Id, changes: Partial<PostInput>): Promise<unknown> {
  throw new Error(`updatePost is still to be written: ${id}, ${Object.keys(changes).join()}`);
}

/** Delete: that one. True when it was there. */
export async function deletePost(id: Id): Promise<boolean> {
  throw new Error(`deletePost is still to be written: ${id}`);
}

/** All posts that refer to an author, each with its author's document; at most two queries for all of them. */
export async function listPostsWithAuthors(): Promise<unknown[]> {
  throw new Error(`listPostsWithAuthors is still to be written: all of ${BlogPostWithRef.collection.name}`);
}
