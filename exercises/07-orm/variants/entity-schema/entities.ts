import { type ObjectId } from 'mongodb';
import { EntitySchema } from 'typeorm';

export interface INote {
  _id: ObjectId;
  title: string;
  content: string;
  created_at: Date;
}

export interface IPost {
  id: number;
  title: string;
  body: string;
  author_id: number;
}

export const Note = new EntitySchema<INote>({
  name: 'notes',
  columns: { _id: { type: 'ObjectId', objectId: true, primary: true, generated: true }, title: { type: 'string' }, content: { type: 'string' }, created_at: { type: Date } },
});

export const Post = new EntitySchema<IPost>({
  name: 'posts',
  columns: { id: { type: 'integer', primary: true, generated: 'increment' }, title: { type: 'varchar', length: 200 }, body: { type: 'varchar' }, author_id: { type: Number } },
});
