import { repositoryFor } from './data-sources';
import { Post } from './entities';

const valid = (title) => typeof title === 'string' && title.length >= 1 && title.length <= 200;

export async function createPost({ title, body, author_id }) {
  if (!valid(title)) throw new TypeError('A title of 1 to 200 characters, please.');
  return repositoryFor(Post).save({ title, body, author_id });
}

export const listPosts = () => repositoryFor(Post).createQueryBuilder('post').orderBy('post.id', 'DESC').getMany();

export const getPost = async (id) => (Number.isInteger(id) ? repositoryFor(Post).findOne({ where: { id } }) : null);

export async function updatePost(id, changes) {
  if ('title' in changes && !valid(changes.title)) throw new TypeError('A title of 1 to 200 characters, please.');
  const post = await getPost(id);
  return post ? repositoryFor(Post).save(Object.assign(post, changes)) : null;
}

export async function deletePost(id) {
  const post = await getPost(id);
  if (!post) return false;
  await repositoryFor(Post).remove(post);
  return true;
}
