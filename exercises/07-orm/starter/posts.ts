import { Post } from './entities.ts';

export interface PostInput {
  title: string;
  body: string;
  author_id: number;
}

/** Stores a post, and gives it. Rejects a title that is missing, empty, no text, or longer than 200 characters. */
export async function createPost(input: PostInput): Promise<Post> {
  throw new Error(`createPost is still to be written: ${input.title}`);
}

/** All posts, highest id first. */
export async function listPosts(): Promise<Post[]> {
  throw new Error('listPosts is still to be written');
}

/** The post, or null. */
export async function getPost(id: number): Promise<Post | null> {
  throw new Error(`getPost is still to be written: ${id}`);
}

/** Writes the fields in `changes` and no others; gives the post as it is then, or null. */
export async function updatePost(id: number, changes: Partial<PostInput>): Promise<Post | null> {
  throw new Error(`updatePost is still to be written: ${id}, ${Object.keys(changes).join()}`);
}

/** Deletes that post: true when it was there. */
export async function deletePost(id: number): Promise<boolean> {
  throw new Error(`deletePost is still to be written: ${id}`);
}
