import type { ObjectId, Attempt, CheckContext, Collection, Document, Failure } from 'mongo-course/checker';

export const notes = (t: CheckContext): Collection => t.db.collection('notes');

export const writes = (t: CheckContext): ReturnType<CheckContext['tap']['evidence']> => t.tap.evidence(t.tap.writes());

export const noteInput = (t: CheckContext): { title: string; content: string } => ({ title: t.random.words(3), content: t.random.words(6) });

export const postInput = (t: CheckContext): { title: string; body: string; author_id: number } => ({ title: t.random.words(3), body: t.random.words(6), author_id: t.random.int(1, 9999) });

export function storedNote(t: CheckContext, fields: Document = {}): Document & { _id: ObjectId } {
  return { _id: t.random.objectId(), ...noteInput(t), created_at: t.random.date(), ...fields };
}

/** The fields of a note or a post that the task names. */
export function pick(entity: unknown, ...fields: string[]): Document {
  const from = (entity ?? {}) as Document;
  return Object.fromEntries(fields.map((field) => [field, field === '_id' ? String(from._id) : from[field]]));
}

export const noteFields = ['_id', 'title', 'content', 'created_at'];
export const postFields = ['id', 'title', 'body', 'author_id'];

export function errorEvidence({ error }: Attempt): NonNullable<Failure['evidence']> {
  return error?.stack ? [{ kind: 'error', text: error.stack, untrusted: true, ...(error.at ? { at: error.at } : {}) }] : [];
}

/** What an attempt came to, in words. */
export function told(attempt: Attempt): string {
  if (attempt.hung) return 'it never finished';
  if (attempt.ok) return 'it resolved';
  return `${attempt.error?.name ?? 'an error'}: ${(attempt.error?.message ?? '').split('\n')[0]?.slice(0, 200)}`;
}

/** What to do where a DataSource was given the other store's entity; undefined where that is not what an error tells of. */
export const ownedHint = ({ error }: Attempt): string | undefined =>
  /DataTypeNotSupportedError|is not supported by "sqljs"|createValueMap/.test(`${error?.name} ${error?.message}`) ? 'Each DataSource lists the entities it owns, and no others.' : undefined;

/** Fails where a client that came after the mark was another than TypeORM's; its handshake says whose it is. */
export function onlyThroughTypeOrm(t: CheckContext, since = -1): void {
  const foreign = t.tap.clients({ since }).map(({ metadata }) => String((metadata.driver as { name?: unknown } | undefined)?.name ?? '')).find((name) => !name.includes('TypeORM'));
  t.ok(foreign === undefined, { message: `MongoDB was reached by a client that is not TypeORM's (${foreign}).`, cause: 'a client beside TypeORM', expected: 'TypeORM\'s own client', actual: foreign, hint: 'Use the DataSource of type mongodb; no MongoClient of your own.' });
}

/** Fails unless `value` is an object. */
export function expectEntity(t: CheckContext, call: string, value: unknown, hint: string): Document {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value && 'label' in value)) return value as Document;
  return t.fail({ message: `${call} resolved to ${value === null || value === undefined ? String(value) : 'something else than an entity'}.`, cause: `${call} gives no entity`, expected: 'the entity', actual: value, hint });
}

/** Fails unless `value` is an array. */
export function expectList(t: CheckContext, call: string, value: unknown): Document[] {
  if (Array.isArray(value)) return value as Document[];
  return t.fail({ message: `${call} did not resolve to an array.`, cause: `${call} gives no array`, expected: 'an array', actual: value, hint: 'find() gives an array; findAndCount() and createCursor() give something else.' });
}

/** Calls a function with ids of nothing; each must give `expected`. */
export async function tryIds(t: CheckContext, name: string, ids: readonly { id: unknown; what: string }[], expected: unknown, hint: string, ...args: unknown[]): Promise<void> {
  const program = await t.program();
  for (const { id, what } of ids) {
    const attempt = await program.attempt(name, id, ...args);
    if (!attempt.ok) {
      t.fail({
        message: `${name} was called with ${what}, and ${attempt.hung ? 'never finished' : `threw ${told(attempt)}`}. An id comes from a URL, and a visitor can type anything there.`,
        cause: `${name} throws for an id that is none`, expected: String(expected), actual: told(attempt), hint, evidence: errorEvidence(attempt),
      });
    }
    const made = expected === null && typeof attempt.value === 'object' && attempt.value !== null ? t.tap.writes().filter(({ command }) => JSON.stringify(command).includes('"upsert":true')) : [];
    t.ok(made.length === 0, { message: `${name} was called with ${what}, which is the id of nothing, and a note was made.`, cause: `${name} makes a note for an id of nothing`, expected: String(expected), actual: attempt.value, hint: 'Leave out upsert: what is not there is not made.', evidence: t.tap.evidence(made) });
    t.equal(attempt.value, expected, { message: `${name} was called with ${what}, which is the id of nothing, and gave the wrong answer.`, cause: `${name} gives a wrong answer for an id of nothing`, hint, evidence: name.endsWith('Note') ? t.tap.evidence(t.tap.commands({ collection: 'notes' }).slice(-2)) : [] });
  }
}

export const oddNoteIds = (t: CheckContext): { id: unknown; what: string }[] => {
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

export const oddPostIds = (unknown: number): { id: unknown; what: string }[] => [
  { id: unknown, what: `the number ${unknown}, an unknown id` }, { id: 0, what: '0' }, { id: -1, what: '-1' }, { id: 1.5, what: '1.5' },
  { id: Number.NaN, what: 'NaN' }, { id: 'abc', what: 'the text "abc"' },
];
