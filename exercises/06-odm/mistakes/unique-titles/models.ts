import { Schema, model } from 'mongoose';

/** Indexes are made by `connect()`, which waits for them; Mongoose alone would make them some time later. */
const byConnect = { autoIndex: false, autoCreate: false };

// A schema of its own, and not just an object: then the author as a whole may be absent, and its name is required only where there is one.
const embeddedAuthor = new Schema({ name: { type: String, required: true }, email: String }, { _id: false });

const blogPost = new Schema({
  title: { type: String, required: true, maxlength: 200, unique: true },
  content: { type: String, required: true },
  author: embeddedAuthor,
  tags: { type: [String], default: [] },
  // The function, not what it gives now: it is called for every post.
  published_date: { type: Date, default: () => new Date() },
  is_published: { type: String, enum: ['yes', 'no', 'draft'], default: 'draft' },
}, { collection: 'blog_posts', ...byConnect });

blogPost.index({ published_date: -1 });
blogPost.index({ is_published: 1, tags: 1 });

const author = new Schema({ name: { type: String, required: true }, email: String }, { collection: 'authors', ...byConnect });

const blogPostWithRef = new Schema({
  title: { type: String, required: true, maxlength: 200 },
  author: { type: Schema.Types.ObjectId, ref: 'Author' },
}, { collection: 'blog_posts_with_ref', ...byConnect });

export const BlogPost = model('BlogPost', blogPost);
export const Author = model('Author', author);
export const BlogPostWithRef = model('BlogPostWithRef', blogPostWithRef);
