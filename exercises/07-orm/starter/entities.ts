import { ObjectId } from 'mongodb';
import { Column, Entity, ObjectIdColumn, PrimaryGeneratedColumn } from 'typeorm';

// An entity is a class, and decorators say how it is stored. TypeORM finds a column's type by the property's type.
// (TypeORM's documentation imports ObjectId from 'typeorm'; today it comes from 'mongodb'.)

/** Lives in MongoDB, in the collection `notes`. */
@Entity('notes')
export class Note {
  @ObjectIdColumn()
  _id: ObjectId;

  @Column()
  title: string;

  // content, and created_at: a date that is set when the note is first saved
}

/** Lives in SQL, in the table `posts`. */
@Entity('posts')
export class Post {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  title: string;

  // body, and author_id: an integer
}
