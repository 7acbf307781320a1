import { repositoryFor } from './data-sources.ts';
import { Post, type IPost } from './entities.ts';
import { checkTitle } from './titles.ts';

type Input = Omit<IPost, 'id'>;

export const createPost = async (input: Input): Promise<IPost> => {
  checkTitle(input.title);
  const result = await repositoryFor(Post).insert(input);
  return { ...input, id: Number(result.identifiers[0]?.id) };
};

export const listPosts = async (): Promise<IPost[]> => (await repositoryFor(Post).find()).sort((a, b) => b.id - a.id);

export const getPost = async (id: number): Promise<IPost | null> => {
  if (typeof id !== 'number' || Number.isNaN(id)) return null;
  return repositoryFor(Post).createQueryBuilder('p').where('p.id = :id', { id }).getOne();
};

export const updatePost = async (id: number, changes: Partial<Input>): Promise<IPost | null> => {
  if (changes.title !== undefined) checkTitle(changes.title);
  if (!(await getPost(id))) return null;
  await repositoryFor(Post).createQueryBuilder().update().set(changes).where('id = :id', { id }).execute();
  return getPost(id);
};

export const deletePost = async (id: number): Promise<boolean> => {
  if (!(await getPost(id))) return false;
  await repositoryFor(Post).createQueryBuilder().delete().where('id = :id', { id }).execute();
  return true;
};
