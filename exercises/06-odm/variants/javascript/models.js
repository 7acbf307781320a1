import mongoose from 'mongoose';

const author = new mongoose.Schema({ name: { type: String, required: [true, 'A name, please'] }, email: { type: String } });

const post = new mongoose.Schema({
  title: { type: String, required: true, maxlength: [200, 'too long'] },
  content: { type: String, required: true },
  author: { type: author },
  tags: [{ type: String }],
  published_date: { type: Date, default: Date.now },
  is_published: { type: String, enum: { values: ['yes', 'no', 'draft'] }, default: 'draft' },
});
post.index({ title: 1 }).index({ published_date: -1 }).index({ is_published: 1, tags: 1 });

const refPost = new mongoose.Schema({
  title: { type: String, required: true, maxlength: 200 },
  author: { type: mongoose.Schema.Types.ObjectId, ref: 'Author', required: true },
});

export const Author = mongoose.model('Author', author, 'authors');
export const BlogPost = mongoose.model('BlogPost', post, 'blog_posts');
export const BlogPostWithRef = mongoose.model('BlogPostWithRef', refPost, 'blog_posts_with_ref');
