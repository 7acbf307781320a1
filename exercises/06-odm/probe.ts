import type { ProbeContext, ProbeFunction } from 'mongo-course/probe';

/** A copy without Mongoose in it: documents become plain objects, at any depth. */
function plain(value: any): unknown {
  if (typeof value?.toObject === 'function') return plain(value.toObject());
  if (Array.isArray(value)) return value.map(plain);
  const prototype = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

let connected: Promise<void> | undefined;

/** posts.ts, connected once. */
async function posts({ load }: ProbeContext): Promise<Record<string, any>> {
  const module = await load('posts');
  connected ??= module.connect();
  await connected;
  return module;
}

const calls = (name: string): ProbeFunction => async (context, ...args) => plain(await (await posts(context))[name](...args));

export const createPost = calls('createPost');
export const listPosts = calls('listPosts');
export const getPost = calls('getPost');
export const updatePost = calls('updatePost');
export const deletePost = calls('deletePost');
export const listPostsWithAuthors = calls('listPostsWithAuthors');

/** Connects; what is called later then finds it done, since nothing says that connect() may be called twice. */
export async function connect({ load }: ProbeContext): Promise<void> {
  connected = undefined;
  const attempt = (await load('posts')).connect();
  await attempt;
  connected = attempt;
}

export async function disconnect({ load }: ProbeContext): Promise<void> {
  connected = undefined;
  await (await load('posts')).disconnect();
}

/** One of the models: whether it is one, and its collection. */
export async function describeModel({ load }: ProbeContext, name: string): Promise<unknown> {
  const model = (await load('models'))[name];
  return { isModel: typeof model?.create === 'function' && typeof model?.find === 'function', collection: model?.collection?.name };
}

/** Stores a document through one of the models. */
export async function createWith(context: ProbeContext, name: string, input: object): Promise<unknown> {
  await posts(context);
  return plain(await (await context.load('models'))[name].create(input));
}

/** Finds a post through BlogPostWithRef, and asks Mongoose for its author. */
export async function populated(context: ProbeContext, id: unknown): Promise<unknown> {
  await posts(context);
  return plain(await (await context.load('models')).BlogPostWithRef.findById(id).populate('author'));
}
