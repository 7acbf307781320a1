import { EntitySchema } from 'typeorm';

export const Note = new EntitySchema({
  name: 'Note',
  tableName: 'notes',
  columns: {
    _id: { type: 'ObjectId', objectId: true, primary: true, generated: true },
    title: { type: String },
    content: { type: String },
    created_at: { type: Date, createDate: true },
  },
});

export const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  columns: {
    id: { type: Number, primary: true, generated: true },
    title: { type: String },
    body: { type: 'text' },
    author_id: { type: 'integer' },
  },
});
