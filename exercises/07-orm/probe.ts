import type { ProbeContext, ProbeFunction } from 'mongo-course/probe';

let connected: Promise<void> | undefined;

/** A module of the submission, with both stores open. */
async function open({ load }: ProbeContext, name: string): Promise<Record<string, any>> {
  const { connect } = await load('data-sources');
  connected ??= connect();
  await connected;
  return load(name);
}

const calls = (file: string, name: string): ProbeFunction => async (context, ...args) => (await open(context, file))[name](...args);

export const createNote = calls('notes', 'createNote');
export const listNotes = calls('notes', 'listNotes');
export const getNote = calls('notes', 'getNote');
export const updateNote = calls('notes', 'updateNote');
export const deleteNote = calls('notes', 'deleteNote');
export const createPost = calls('posts', 'createPost');
export const listPosts = calls('posts', 'listPosts');
export const getPost = calls('posts', 'getPost');
export const updatePost = calls('posts', 'updatePost');
export const deletePost = calls('posts', 'deletePost');

/** Connects; what is called later then finds it done, since nothing says that connect() may be called twice. */
export async function connect({ load }: ProbeContext): Promise<void> {
  connected = undefined;
  const attempt = (await load('data-sources')).connect();
  await attempt;
  connected = attempt;
}

export async function disconnect({ load }: ProbeContext): Promise<void> {
  connected = undefined;
  await (await load('data-sources')).disconnect();
}

/** Saves through the repository that repositoryFor gives for an entity, and finds all that it holds. */
export async function saveAndFind(context: ProbeContext, entity: string, fields: object): Promise<unknown> {
  const { repositoryFor } = await open(context, 'data-sources');
  const repository = repositoryFor((await context.load('entities'))[entity]);
  await repository.save(fields);
  return repository.find();
}
