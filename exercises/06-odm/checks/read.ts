import { check, type CheckContext, type CommandRecord, type Document } from 'mongo-course/checker';
import { answeredFields, fieldsOf, posts, storedPost, tryOddIds, writes } from '../posts.ts';
import { connects } from './connecting.ts';

const many = { needs: [connects], lesson: '07-mongoose#reading-lists' };
const sent = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.queries());
const titles = (found: readonly Document[]): unknown[] => found.map(({ title }) => title);

/** Stores posts in a random order, no two of the same date; gives them newest first. */
async function seed(t: CheckContext, count: number, fields: (index: number) => Document = () => ({})): Promise<Document[]> {
  const start = t.random.date().getTime();
  const stored = Array.from({ length: count }, (_, index) => storedPost(t, { published_date: new Date(start - index * t.random.int(1_000, 9_000_000) - index), ...fields(index) }));
  const dates = new Set<number>();
  for (const post of stored) {
    while (dates.has(Number(post.published_date))) post.published_date = new Date(Number(post.published_date) + 1);
    dates.add(Number(post.published_date));
  }
  await posts(t).insert(...t.random.shuffle(stored));
  return stored.sort((a, b) => Number(b.published_date) - Number(a.published_date));
}

async function list(t: CheckContext, ...args: unknown[]): Promise<Document[]> {
  const found = await t.call('listPosts', ...args);
  if (Array.isArray(found)) return found as Document[];
  return t.fail({ message: 'listPosts did not give an array.', cause: 'listPosts gives no array', expected: 'an array of posts', actual: found, hint: 'return await the query: BlogPost.find(…).sort(…).limit(…).' });
}

export const listsNewestFirst = check('listPosts gives the posts, newest first', many, async (t) => {
  const own = await seed(t, 8);
  const found = await list(t);
  t.equal([...titles(found)].sort(), [...titles(own)].sort(), { message: 'listPosts did not give the posts that are stored.', cause: 'not the stored posts', hint: 'Asked for nothing, the filter is {}: { tags: undefined } looks for posts without tags.', evidence: sent(t) });
  t.equal(titles(found), titles(own), { message: 'The posts do not come newest published_date first.', cause: 'not sorted by published_date, descending', hint: '.sort({ published_date: -1 })', evidence: sent(t) });
  t.equal(found.map(answeredFields), own.map(fieldsOf), { message: 'listPosts did not give the posts as they are stored.', cause: 'posts are changed', evidence: sent(t) });
});

export const limitsPosts = check('listPosts gives 20 at most, or as many as it is told', { ...many, needs: [listsNewestFirst] }, async (t) => {
  const tag = t.random.word();
  const both = { tag, is_published: 'yes' };
  // All of one tag and state: a filter changes nothing here, but a limit has to hold beside it.
  const own = await seed(t, 30, () => ({ tags: [tag], is_published: 'yes' }));
  for (const [limit, args, how] of [
    [20, [], 'without options'], [20, [{}], 'with {}'], [3, [{ limit: 3 }], 'with { limit: 3 }'], [1, [{ limit: 1 }], 'with { limit: 1 }'], [25, [{ limit: 25 }], 'with { limit: 25 }'],
    [20, [{ tag }], 'with a tag that all of them have'], [4, [{ tag, limit: 4 }], 'with a tag that all of them have and { limit: 4 }'], [6, [{ is_published: 'yes', limit: 6 }], 'with a state that all of them have and { limit: 6 }'], [5, [{ ...both, limit: 5 }], 'with a tag and a state that all of them have and { limit: 5 }'],
  ] as const) {
    const found = await list(t, ...args);
    t.equal(found.length, limit, { message: `Of 30 posts, listPosts ${how} gave another number than ${limit}.`, cause: 'limit' in (args[0] ?? {}) ? 'the limit is not kept' : 'the default is not 20', evidence: sent(t) });
    t.equal(titles(found), titles(own.slice(0, limit)), { message: `listPosts ${how} did not give the ${limit} newest posts. Whoever cuts first and sorts then sorts the wrong ones.`, cause: 'cuts before it sorts', evidence: sent(t) });
  }
});

/** Posts of which half have `tag`, and a third is_published `yes`. */
function mixed(t: CheckContext, tag: string): Promise<Document[]> {
  return seed(t, 18, (index) => ({ tags: index % 2 === 0 ? [t.random.word(), tag] : [t.random.word()], is_published: (['yes', 'no', 'draft'] as const)[index % 3] }));
}

export const filtersPosts = check('listPosts filters by tag, by is_published, by both', { ...many, needs: [listsNewestFirst] }, async (t) => {
  const tag = t.random.word();
  const own = await mixed(t, tag);
  const tagged = (post: Document): boolean => (post.tags as string[]).includes(tag);
  for (const [options, how, fits] of [
    [{ tag }, `with { tag: "${tag}" }`, tagged],
    [{ is_published: 'yes' }, 'with { is_published: "yes" }', (post: Document) => post.is_published === 'yes'],
    [{ tag, is_published: 'draft' }, `with { tag: "${tag}", is_published: "draft" }`, (post: Document) => tagged(post) && post.is_published === 'draft'],
  ] as const) {
    const found = await list(t, options);
    t.equal(titles(found), titles(own.filter(fits)), { message: `listPosts ${how} did not give exactly the posts that fit.`, cause: `wrong posts for ${Object.keys(options).join(' and ')}`, hint: 'The filter names a field only where it was asked for: { tags: undefined } looks for posts without tags. A tag is found by { tags: tag }, though tags is an array.', evidence: sent(t) });
  }
});

export const databaseDoesTheWork = check('the database filters, sorts and limits', { ...many, needs: [listsNewestFirst] }, async (t) => {
  const tag = t.random.word();
  await seed(t, 40, (index) => ({ tags: index % 2 === 0 ? [tag] : ['other'], is_published: index % 3 === 0 ? 'yes' : 'no' }));
  for (const [options, how, most] of [[{ tag, limit: 4 }, '4 posts of one tag', 4], [{ is_published: 'yes', limit: 3 }, '3 posts of one state', 3], [{ limit: 2 }, 'the 2 newest posts', 2], [{ tag, is_published: 'yes' }, '7 posts of one tag and one state', 7]] as const) {
    const since = t.tap.mark();
    const found = await list(t, options);
    const queries = t.tap.commands({ names: ['find', 'aggregate', 'getMore'], since }).filter((query) => !counts(query));
    const returned = queries.reduce((sum, query) => sum + (query.reply?.returned ?? 0), 0);
    t.ok(returned <= Math.max(most, found.length), {
      message: `For ${how}, the database had to send ${returned}: the rest was thrown away in JavaScript. With a million posts, that is a million documents through the network and into memory.`,
      cause: 'filters, sorts or limits in JavaScript', expected: `the database sends ${most} documents`, actual: `the database sent ${returned} documents`, hint: 'Filter, sort and limit are parts of the query: BlogPost.find(filter).sort({ … }).limit(limit).', evidence: t.tap.evidence(queries),
    });
  }
});

/** A count gives a number, no post. */
const counts = ({ command }: CommandRecord): boolean => Array.isArray(command.pipeline) && command.pipeline.some((stage: Document) => '$group' in stage || '$count' in stage);

/** Whether a filter, or a pipeline's $match, asks `field` to equal `value`. */
function asksEquality(condition: unknown, field: string, value: string): boolean {
  if (Array.isArray(condition)) return condition.some((part) => asksEquality(part, field, value));
  if (typeof condition !== 'object' || condition === null) return false;
  return Object.entries(condition).some(([key, part]) => {
    if (key === '$and' || key === '$match') return asksEquality(part, field, value);
    return key === field && isEquality(part, value);
  });
}

function isEquality(part: unknown, value: string): boolean {
  if (part === value) return true;
  if (Array.isArray(part)) return part.length === 1 && part[0] === value;
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(part).some(([operator, wanted]) => ['$eq', '$in', '$all', '$elemMatch'].includes(operator) && isEquality(wanted, value));
}

const conditionOf = (query: CommandRecord): unknown => query.command.filter ?? query.command.pipeline;

export const asksForBoth = check('asked for both, one filter has both as equalities', { ...many, needs: [filtersPosts], lesson: '07-mongoose#indexes' }, async (t) => {
  const tag = t.random.word();
  await mixed(t, tag);
  await list(t, { tag, is_published: 'yes' });
  const queries = t.tap.queries({ collection: 'blog_posts' });
  const both = queries.some((query) => asksEquality(conditionOf(query), 'is_published', 'yes') && asksEquality(conditionOf(query), 'tags', tag));
  t.ok(both, {
    message: 'listPosts was asked for a tag and a state, and no query had an equality on is_published and one on tags. The compound index { is_published: 1, tags: 1 } can only serve both together.',
    cause: 'no equality on both fields', expected: `{ is_published: "yes", tags: "${tag}" }`, actual: queries.map(({ text }) => text).join('; '), hint: 'A pattern, $nin and $where are no equalities. { is_published, tags: tag } is one on each.', evidence: sent(t),
  });
});

const one = { needs: [connects], lesson: '07-mongoose#ids-that-are-none' };

export const getsThePost = check('getPost gives a post by its id, ObjectId or text', one, async (t) => {
  const wanted = storedPost(t);
  await posts(t).insert(storedPost(t), wanted, storedPost(t));
  for (const [id, form] of [[wanted._id, 'the ObjectId'], [wanted._id.toHexString(), 'the id as a text']] as const) {
    const found = (await t.call('getPost', id)) as Document | null;
    t.equal(found && { _id: String(found._id), ...answeredFields(found) }, { _id: String(wanted._id), ...fieldsOf(wanted) }, { message: `getPost was called with ${form} of a stored post, and did not give that post.`, cause: `not found by ${form}`, hint: 'BlogPost.findById(id) takes both.', evidence: sent(t) });
  }
});

export const getsNothingForOddIds = check('getPost gives null for an id of nothing', { ...one, needs: [getsThePost] }, async (t) => {
  await tryOddIds(t, 'getPost', null);
});

export const deletesThatPost = check('deletePost deletes that post, and says so', one, async (t) => {
  // Of the same title, unless a unique index, which is another check's question, has something against that.
  const unique = (await posts(t).indexes()).some((index) => index.unique === true);
  for (const form of ['ObjectId', 'text'] as const) {
    await posts(t).delete();
    const wanted = storedPost(t);
    const other = storedPost(t, unique ? {} : { title: wanted.title });
    await posts(t).insert(other, wanted);
    const answer = await t.call('deletePost', form === 'text' ? wanted._id.toHexString() : wanted._id);
    t.equal((await posts(t).find()).map(({ _id }) => _id), [other._id], { message: `deletePost was called with the id of one of two posts (as ${form === 'text' ? 'a text' : 'an ObjectId'}), and not exactly that one is gone.`, cause: 'not that one post is deleted', evidence: writes(t) });
    t.equal(answer, true, { message: 'deletePost deleted the post, and did not resolve to true.', cause: 'deletePost does not give true', hint: 'deleteOne resolves to an object: its deletedCount says how many.' });
    t.equal(await t.call('deletePost', wanted._id), false, { message: 'deletePost was called again with the id of a post that is gone, and did not resolve to false.', cause: 'deletePost does not give false', hint: 'deletedCount === 1; or, with findByIdAndDelete, whether there was a document.' });
  }
});

export const deletesNothingForOddIds = check('deletePost gives false for an id of nothing', { ...one, needs: [deletesThatPost] }, async (t) => {
  await tryOddIds(t, 'deletePost', false);
});
