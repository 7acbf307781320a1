import { repositoryFor } from './data-sources.ts';
import { Post } from './entities.ts';
import { checkTitle } from './titles.ts';

const query = (sql: string, values: unknown[] = []): Promise<Post[]> => repositoryFor(Post).query(sql, values);

export async function createPost({ title, body, author_id }: Omit<Post, 'id'>): Promise<Post | null> {
  checkTitle(title);
  await query('INSERT INTO posts (title, body, author_id) VALUES (?, ?, ?)', [title, body, author_id]);
  const [post] = await query('SELECT * FROM posts WHERE id = last_insert_rowid()');
  return post ?? null;
}

export const listPosts = (): Promise<Post[]> => query('SELECT id, title, body, author_id FROM posts ORDER BY id DESC');

export async function getPost(id: number): Promise<Post | null> {
  const [post] = Number.isSafeInteger(id) ? await query('SELECT * FROM posts WHERE id = ?', [id]) : [];
  return post ?? null;
}

export async function updatePost(id: number, changes: Partial<Omit<Post, 'id'>>): Promise<Post | null> {
  if (changes.title !== undefined) checkTitle(changes.title);
  if (!(await getPost(id))) return null;
  for (const [column, value] of Object.entries(changes)) await query(`UPDATE posts SET "${column}" = ? WHERE id = ?`, [value, id]);
  return getPost(id);
}

export async function deletePost(id: number): Promise<boolean> {
  if (!(await getPost(id))) return false;
  await query('DELETE FROM posts WHERE id = ?', [id]);
  return true;
}
