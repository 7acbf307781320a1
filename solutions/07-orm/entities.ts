import { ObjectId } from 'mongodb';
import { Column, CreateDateColumn, Entity, ObjectIdColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Lives in MongoDB, in the collection `notes`. */
@Entity('notes')
export class Note {
  @ObjectIdColumn()
  _id: ObjectId;

  @Column()
  title: string;

  @Column()
  content: string;

  /** Set by `save()` of a new note, and never again. */
  @CreateDateColumn()
  created_at: Date;
}

/** Lives in SQL, in the table `posts`. */
@Entity('posts')
export class Post {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  title: string;

  @Column('text')
  body: string;

  @Column('integer')
  author_id: number;
}
