import { config } from 'dotenv';
import mongoose, { Error as MongooseErrors, Types, connect as open, isValidObjectId } from 'mongoose';
import { BlogPost, BlogPostWithRef, type IBlogPost } from './models.ts';

type Id = string | Types.ObjectId;

class Posts {
  async create(input: Partial<IBlogPost>) {
    const [post] = await BlogPost.insertMany([input]);
    return post;
  }

  list({ tag, is_published, limit = 20 }: { tag?: string; is_published?: IBlogPost['is_published']; limit?: number }) {
    let query = BlogPost.find();
    if (is_published !== undefined) query = query.where({ is_published });
    if (tag !== undefined) query = query.where({ tags: tag });
    return query.limit(limit).sort('-published_date');
  }

  get(id: Id) {
    return this.find(id);
  }

  async update(id: Id, changes: Partial<IBlogPost>) {
    const post = await this.find(id);
    if (!post) return null;
    post.set(changes);
    const invalid = post.validateSync();
    if (invalid instanceof MongooseErrors.ValidationError) throw invalid;
    await post.save();
    return post.toObject();
  }

  async remove(id: Id): Promise<boolean> {
    if (!this.#fits(id)) return false;
    const { deletedCount } = await BlogPost.deleteOne({ _id: id });
    return deletedCount > 0;
  }

  async find(id: Id) {
    return this.#fits(id) ? BlogPost.findById(id) : null;
  }

  #fits(id: Id): boolean {
    return isValidObjectId(id) && String(new Types.ObjectId(id)) === String(id).toLowerCase();
  }
}

const posts = new Posts();

export async function connect(): Promise<void> {
  config({ quiet: true });
  await open(`${process.env.MONGO_URI || 'mongodb://localhost:27017/'}`, { dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 3_000 });
  await BlogPost.createIndexes();
}

export const disconnect = (): Promise<void> => mongoose.connection.close();
export const createPost = (input: Partial<IBlogPost>) => posts.create(input);
export const listPosts = async (options: Parameters<Posts['list']>[0] = {}) => posts.list(options);
export const getPost = (id: Id) => posts.get(id);
export const updatePost = (id: Id, changes: Partial<IBlogPost>) => posts.update(id, changes);
export const deletePost = (id: Id) => posts.remove(id);
export const listPostsWithAuthors = () => BlogPostWithRef.find().populate('author').exec();
