import { ObjectId } from 'mongodb';
import { BeforeInsert, Column, Entity, Index, ObjectIdColumn, PrimaryGeneratedColumn } from 'typeorm';

abstract class Titled {
  @Column({ type: 'varchar' }) title!: string;
}

@Entity({ name: 'notes' })
@Index(['created_at', '_id'])
export class Note extends Titled {
  @ObjectIdColumn() readonly _id!: ObjectId;
  @Column() content!: string;
  @Column() created_at?: Date;

  @BeforeInsert() setDate(): void {
    this.created_at = new Date();
  }

  get headline(): string {
    return this.title.toUpperCase();
  }
}

@Entity({ name: 'posts', orderBy: { id: 'DESC' } })
export class Post extends Titled {
  @PrimaryGeneratedColumn('increment') readonly id!: number;
  @Column() body!: string;
  @Column({ type: 'int', name: 'author_id' }) author_id!: number;
}
