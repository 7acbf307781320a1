import { Schema, Types, model } from 'mongoose';

export interface IAuthor {
  name: string;
  email?: string;
}

export interface IBlogPost {
  title: string;
  content: string;
  author?: IAuthor;
  tags: string[];
  published_date: Date;
  is_published: 'yes' | 'no' | 'draft';
}

class PostMethods {
  declare title: string;

  get headline(): string {
    return this.title.toUpperCase();
  }
}

const authorFields = { name: { type: Schema.Types.String, required: true }, email: Schema.Types.String };

const schema = new Schema<IBlogPost>({
  title: { type: Schema.Types.String, required: true, maxLength: 200 },
  content: { type: Schema.Types.String, required: true },
  author: new Schema<IAuthor>(authorFields),
  tags: { type: [{ type: Schema.Types.String, required: true }], default: [] },
  published_date: { type: Schema.Types.Date, default: Date.now },
  is_published: { type: Schema.Types.String, enum: Object.values({ YES: 'yes', NO: 'no', DRAFT: 'draft' }), default: 'draft' },
}, { toJSON: { virtuals: true }, toObject: { virtuals: true } });
schema.loadClass(PostMethods);
schema.index({ title: 1 });
schema.index({ published_date: 'desc' });
schema.index({ is_published: 'ascending', tags: 1 });
schema.index({ 'author.email': 1 }, { sparse: true });

export const BlogPost = model<IBlogPost>('BlogPost', schema, 'blog_posts');
export const Author = model<IAuthor>('Author', new Schema<IAuthor>(authorFields), 'authors');
export const BlogPostWithRef = model('BlogPostWithRef', new Schema({ title: { type: String, required: true, maxLength: 200 }, author: { type: Types.ObjectId, ref: 'Author' } }), 'blog_posts_with_ref');
