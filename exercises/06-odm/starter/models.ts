import { Schema, model } from 'mongoose';

// A schema says what a document may hold; a model is a schema with a collection.
// Mongoose would call the collection of "BlogPost" blogposts: the third argument of model(), or the schema's option
// `collection`, says what it is called here.

const blogPost = new Schema({
  title: String,
  // content, author, tags, published_date and is_published are still to come, and all the rules.
});

// The indexes belong to the schema, too: blogPost.index({ ... })

const author = new Schema({});

const blogPostWithRef = new Schema({});

export const BlogPost = model('BlogPost', blogPost, 'blog_posts');
export const Author = model('Author', author, 'authors');
export const BlogPostWithRef = model('BlogPostWithRef', blogPostWithRef, 'blog_posts_with_ref');
