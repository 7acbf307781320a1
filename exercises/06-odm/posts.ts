import type { ObjectId, Attempt, CheckContext, Collection, Document, Failure } from 'mongo-course/checker';

export const posts = (t: CheckContext): Collection => t.db.collection('blog_posts');

export const writes = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.writes());

/** A post with all its fields, as Mongoose would have stored it. */
export function storedPost(t: CheckContext, fields: Document = {}): Document & { _id: ObjectId } {
  return {
    _id: t.random.objectId(), title: t.random.words(3), content: t.random.words(8), author: { _id: t.random.objectId(), ...anAuthor(t) },
    tags: [t.random.word(), t.random.word()], published_date: t.random.date(), is_published: t.random.pick(['yes', 'no', 'draft']), __v: 0, ...fields,
  };
}

export function anAuthor(t: CheckContext): { name: string; email: string } {
  const name = t.random.word();
  return { name, email: `${name}@example.org` };
}

/** What createPost is given, with every field. */
export function fullInput(t: CheckContext): Document {
  return {
    title: t.random.words(3), content: t.random.words(8), author: anAuthor(t), tags: [t.random.word(), t.random.word()],
    published_date: t.random.date(), is_published: t.random.pick(['yes', 'no']),
  };
}

/** The fields of a post that the task names; ids of embedded authors and `__v` are nobody's business. */
export function fieldsOf(post: unknown): Document {
  const { title, content, author, tags, published_date, is_published } = (post ?? {}) as Document;
  return { title, content, author: authorOf(author), tags, published_date: typeof published_date === 'string' ? new Date(published_date) : published_date, is_published };
}

function authorOf(author: unknown): unknown {
  if (typeof author !== 'object' || author === null || Array.isArray(author)) return author;
  return Object.fromEntries(Object.entries(author).filter(([field]) => field !== '_id'));
}

/** The same of a post that a function gave: virtuals and whatever else an answer holds beside them, in the author too, are nobody's business. */
export function answeredFields(post: unknown): Document {
  const fields = fieldsOf(post);
  const author = fields.author as Document | null | undefined;
  if (typeof author !== 'object' || author === null || Array.isArray(author)) return fields;
  return { ...fields, author: Object.fromEntries(Object.entries(author).filter(([field]) => field === 'name' || field === 'email')) };
}

/** What an error looks like as evidence. */
export function errorEvidence({ error }: Attempt): NonNullable<Failure['evidence']> {
  return error?.stack ? [{ kind: 'error', text: error.stack, untrusted: true, ...(error.at ? { at: error.at } : {}) }] : [];
}

/** What an attempt came to, in words. */
export function told(attempt: Attempt): string {
  if (attempt.hung) return 'it never finished';
  if (attempt.ok) return 'it resolved';
  const keys = attempt.error?.errorKeys ? `, errors for ${attempt.error.errorKeys.join(', ') || 'nothing'}` : '';
  return `${attempt.error?.name ?? 'an error'}: ${(attempt.error?.message ?? '').split('\n')[0]?.slice(0, 200)}${keys}`;
}

/** The one post that is stored now, or the failure that says why there is none. */
export async function onlyPost(t: CheckContext, what: string): Promise<Document> {
  const stored = await posts(t).find();
  const [only] = stored;
  if (only && stored.length === 1) return only;
  const elsewhere = t.tap.writes().find(({ collection }) => collection !== 'blog_posts');
  // What is written too late must not end up among the next check's documents.
  if (!only && !elsewhere && (await t.eventually(1500, async () => (await posts(t).count()) > 0))) {
    t.fail({ message: `When ${what} was done, the post was not there yet; a moment later it was.`, cause: 'nothing is stored when createPost is done', expected: '1 document', actual: '0 documents', hint: 'Is there an await, or a return, in front of save() or create()?', evidence: t.tap.evidence(t.tap.writes()) });
  }
  return t.fail({
    message: only ? `${what} left ${stored.length} documents in blog_posts.` : `${what} finished, and there is no document in blog_posts.${elsewhere ? ` It went into ${elsewhere.collection}.` : ''}`,
    cause: only ? 'stores more than one document' : elsewhere ? 'stores in another collection' : 'nothing is stored when createPost is done', expected: '1 document', actual: `${stored.length} documents`,
    hint: only ? 'Create it once.' : elsewhere ? 'Mongoose makes the collection\'s name from the model\'s. Say it: new Schema({ … }, { collection: \'blog_posts\' }).' : 'Is there an await, or a return, in front of create()?',
    evidence: t.tap.evidence(t.tap.writes()),
  });
}

/** Fails unless the attempt was rejected with an error that names each of `fields`, and (with `castError`) accepts a bare CastError too. */
export function expectRejected(t: CheckContext, call: string, attempt: Attempt, fields: readonly string[], why: string, help: { cause: string; hint: string; castError?: boolean }): void {
  const expected = `it rejects, and errors has a key for ${fields.join(' and for ')}`;
  const { cause, hint } = help;
  if (attempt.ok) t.fail({ message: `${call} was given ${why}, and accepted it.`, cause, expected, actual: told(attempt), hint, evidence: writes(t) });
  if (attempt.hung || attempt.error?.name === 'ProcessEnded') t.fail({ message: `${call} was given ${why}, and ${attempt.hung ? 'never finished' : attempt.error?.message}.`, cause: `${call} does not reject`, expected, actual: told(attempt), evidence: errorEvidence(attempt) });
  if (help.castError && attempt.error?.name === 'CastError') return;
  const keys = attempt.error?.errorKeys;
  if (!keys) {
    t.fail({
      message: `${call} was given ${why}, and rejected with an error that has no errors: nobody can tell from it which field is wrong.`, cause: 'rejects without saying which field', expected, actual: told(attempt),
      hint: 'Mongoose\'s ValidationError has errors, a key for each bad field. Let it go on to the caller as it is.', evidence: errorEvidence(attempt),
    });
  }
  const unnamed = fields.filter((field) => !keys?.some((key) => key === field || key.startsWith(`${field}.`)));
  t.ok(unnamed.length === 0, {
    message: `${call} was given ${why}, and the error does not name ${unnamed.join(' and ')}.`, cause: `accepts a bad ${unnamed[0]}`, expected, actual: told(attempt), hint, evidence: errorEvidence(attempt),
  });
}

/** Ids that belong to nothing: an unknown one in both forms, and texts that are no id. */
const oddIds = (t: CheckContext): { id: unknown; what: string }[] => {
  const unknown = t.random.objectId();
  return [
    { id: unknown, what: 'an unknown ObjectId' },
    { id: unknown.toHexString(), what: `an unknown id as a text, "${unknown.toHexString()}"` },
    { id: '', what: 'an empty text' },
    { id: 'abc', what: 'the text "abc"' },
    { id: 'abcdefghijkl', what: 'a text of twelve characters' },
    { id: 'z'.repeat(24), what: 'a text of 24 characters that are no hex digits' },
  ];
};

/** Calls a function with each odd id, beside posts that must stay as they are. */
export async function tryOddIds(t: CheckContext, name: string, expected: unknown, ...args: unknown[]): Promise<void> {
  const others = [storedPost(t), storedPost(t)];
  await posts(t).insert(...others);
  const program = await t.program();
  for (const { id, what } of oddIds(t)) {
    const attempt = await program.attempt(name, id, ...args);
    if (!attempt.ok) {
      t.fail({
        message: `${name} was called with ${what}, and ${attempt.hung ? 'never finished' : `threw ${told(attempt)}`}. An id comes from a URL, and a visitor can type anything there.`,
        cause: `${name} throws for an id that is none`, expected: showed(expected), actual: told(attempt),
        hint: 'Mongoose turns an id into an ObjectId, and throws a CastError where it can\'t. Ask first: mongoose.isObjectIdOrHexString(id).', evidence: errorEvidence(attempt),
      });
    }
    const made = await posts(t).findOne({ _id: { $nin: others.map(({ _id }) => _id) } });
    t.ok(made === null, { message: `${name} was called with ${what}, which is the id of nothing, and a post was made. Nothing is ever inserted by an update.`, cause: `${name} makes a post for an id of nothing`, expected: 'nothing is stored', actual: made, hint: 'Leave out upsert: what is not there is not made.', evidence: writes(t) });
    t.equal(attempt.value, expected, { message: `${name} was called with ${what}, which is the id of nothing, and gave the wrong answer.`, cause: `${name} gives a wrong answer for an id of nothing`, evidence: t.tap.evidence(t.tap.commands({ collection: 'blog_posts' }).slice(-3)) });
  }
  const byId = (a: Document, b: Document): number => (String(a._id) < String(b._id) ? -1 : 1);
  t.equal((await posts(t).find()).sort(byId), others.sort(byId), { message: `${name} was called with ids of nothing, and changed the collection.`, cause: `${name} changes something for an id of nothing`, hint: 'No upsert: what is not there is not made.', evidence: writes(t) });
}

const showed = (value: unknown): string => String(value);
