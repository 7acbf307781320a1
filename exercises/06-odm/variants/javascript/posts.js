import 'dotenv/config';
import mongoose from 'mongoose';
import * as models from './models';

const hex = (id) => /^[\da-f]{24}$/i.test(String(id));

export function connect() {
  return mongoose
    .connect(process.env.MONGO_URI || 'mongodb://localhost:27017/', { dbName: process.env.MONGO_DB_NAME || 'my_node_mongo_db', serverSelectionTimeoutMS: 2500 })
    .then(() => models.BlogPost.init())
    .then(() => undefined);
}

export const disconnect = () => mongoose.connection.close();

export const createPost = (input) => new models.BlogPost(input).save();

export function listPosts(options) {
  const { tag, is_published, limit } = options ?? {};
  const query = models.BlogPost.find().lean();
  if (is_published) query.where('is_published').equals(is_published);
  if (tag) query.where('tags').in([tag]);
  return query.sort('-published_date').limit(limit ?? 20).exec();
}

export const getPost = async (id) => (hex(id) ? models.BlogPost.findOne({ _id: id }).lean() : null);

export const updatePost = async (id, changes) =>
  hex(id) ? models.BlogPost.findOneAndUpdate({ _id: id }, changes, { new: true, runValidators: true, lean: true }) : null;

export const deletePost = async (id) => (hex(id) ? (await models.BlogPost.findByIdAndDelete(id)) !== null : false);

export const listPostsWithAuthors = () => models.BlogPostWithRef.find({}).populate({ path: 'author' }).lean();
