import { Schema, createConnection } from 'mongoose';

export const connection = createConnection();

const text = { type: String, required: true } as const;
const person = { name: text, email: String };
const options = { autoIndex: false, versionKey: false } as const;

const post = new Schema(
  {
    title: { ...text, validate: { validator: (value: string) => value.length <= 200, message: 'at most 200 characters' } },
    content: text,
    author: { type: new Schema(person, { _id: false, ...options }), default: undefined },
    tags: { type: [String], default: () => [] },
    published_date: { type: Date, default() { return Date.now(); } },
    is_published: { type: String, default: 'draft', match: /^(yes|no|draft)$/ },
  },
  options,
);

export const BlogPost = connection.model('BlogPost', post, 'blog_posts');
export const Author = connection.model('Author', new Schema(person, options), 'authors');
export const BlogPostWithRef = connection.model('BlogPostWithRef', new Schema({ title: { ...text, maxlength: 200 }, author: { type: 'ObjectId', ref: Author } }, options), 'blog_posts_with_ref');
