import mongoose, { Schema, type InferSchemaType } from 'mongoose';

export const authorSchema = new Schema({ name: { type: String, required: true }, email: { type: String } }, { collection: 'authors' });
const embedded = new Schema({ name: { type: String, required: true }, email: { type: String } });

export const blogPostSchema = new Schema(
  {
    title: { type: String, required: true, maxlength: 200, index: true },
    content: { type: String, required: true },
    author: { type: embedded, required: false },
    tags: [String],
    published_date: { type: Date, default: Date.now, index: -1 },
    is_published: { type: String, enum: ['yes', 'no', 'draft'], default: 'draft' },
  },
  { collection: 'blog_posts', minimize: false },
);
blogPostSchema.index({ is_published: 1, tags: 1 }, { name: 'by_state_and_tag' });
blogPostSchema.index({ 'author.name': 1 });

const withRef = new Schema({ title: { type: String, required: true, maxlength: 200 }, author: { type: Schema.Types.ObjectId, ref: 'Author' } }, { collection: 'blog_posts_with_ref' });

export type BlogPostFields = InferSchemaType<typeof blogPostSchema>;
export const Author = mongoose.model('Author', authorSchema);
export const BlogPost = mongoose.model('BlogPost', blogPostSchema);
export const BlogPostWithRef = mongoose.model('BlogPostWithRef', withRef);
