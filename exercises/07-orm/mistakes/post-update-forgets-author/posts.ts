import { repositoryFor } from './data-sources.ts';
import { Post } from './entities.ts';
import { checkTitle } from './titles.ts';

export type PostInput = Pick<Post, 'title' | 'body' | 'author_id'>;

export async function createPost({ title, body, author_id }: PostInput): Promise<Post> {
  checkTitle(title);
  const posts = repositoryFor(Post);
  return posts.save(posts.create({ title, body, author_id }));
}

export async function listPosts(): Promise<Post[]> {
  return repositoryFor(Post).find({ order: { id: 'DESC' } });
}

export async function getPost(id: number): Promise<Post | null> {
  return Number.isSafeInteger(id) ? repositoryFor(Post).findOneBy({ id }) : null;
}

export async function updatePost(id: number, changes: Partial<PostInput>): Promise<Post | null> {
  if ('title' in changes) checkTitle(changes.title);
  if (!Number.isSafeInteger(id)) return null;
  await repositoryFor(Post).update({ id }, { ...(changes.title === undefined ? {} : { title: changes.title }), ...(changes.body === undefined ? {} : { body: changes.body }), id });
  return getPost(id);
}

export async function deletePost(id: number): Promise<boolean> {
  if (!Number.isSafeInteger(id)) return false;
  const { affected } = await repositoryFor(Post).delete({ id });
  return affected === 1;
}
