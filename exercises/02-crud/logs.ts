import type { Attempt, CheckContext, Collection, Document, HttpProgram, ObjectId } from 'mongo-course/checker';

/** One process for all: the given server, in which the probe calls the functions of views.ts too. */
export const server = (t: CheckContext): Promise<HttpProgram> => t.serve('server.ts');

export async function call(t: CheckContext, name: string, ...args: unknown[]): Promise<unknown> {
  return (await server(t)).call(name, ...args);
}

export const logs = (t: CheckContext): Collection => t.db.collection('test_data');

/** A log as somebody else has stored it, with a field of its own. */
export function storedLog(t: CheckContext, fields: Document = {}): Document & { _id: ObjectId } {
  return {
    _id: t.random.objectId(), message: t.random.words(3), source: t.random.word(), value: t.random.int(1, 90),
    timestamp: t.random.date(), tags: [t.random.word(), t.random.word()], ...fields,
  };
}

/** Ids that belong to nothing: an unknown one in both forms, and texts that are no id. */
export function oddIds(t: CheckContext): { id: unknown; what: string }[] {
  const unknown = t.random.objectId();
  return [
    { id: unknown, what: 'an unknown ObjectId' },
    { id: unknown.toHexString(), what: `an unknown id as a text, "${unknown.toHexString()}"` },
    { id: '', what: 'an empty text' },
    { id: 'abc', what: 'the text "abc"' },
    { id: 'abcdefghijkl', what: 'a text of twelve characters' },
    { id: 'z'.repeat(24), what: 'a text of 24 characters that are no hex digits' },
  ];
}

/** Calls a function with each odd id, beside logs that must stay as they are. */
export async function tryOddIds(t: CheckContext, name: string, expected: unknown, pick: (value: unknown) => unknown, ...args: unknown[]): Promise<void> {
  const others = [storedLog(t), storedLog(t)];
  await logs(t).insert(...others);
  const program = await server(t);
  for (const { id, what } of oddIds(t)) {
    const attempt = await program.attempt(name, id, ...args);
    if (!attempt.ok) failedOnId(t, name, what, attempt);
    t.equal(pick(attempt.value), expected, {
      message: `${name} was called with ${what}, which is the id of nothing, and gave the wrong answer.`, cause: `${name} gives a wrong answer for an id of nothing`,
      hint: 'There is nothing with such an id, so say just that.', evidence: t.tap.evidence(t.tap.commands({ collection: 'test_data' }).slice(-3)),
    });
  }
  t.equal(await logs(t).find({}, { sort: { _id: 1 } }), others.sort((a, b) => (a._id.toHexString() < b._id.toHexString() ? -1 : 1)), {
    message: `${name} was called with ids of nothing, and changed the collection.`, cause: `${name} changes something for an id of nothing`, evidence: t.tap.evidence(t.tap.writes()),
  });
}

function failedOnId(t: CheckContext, name: string, what: string, attempt: Attempt): never {
  const reason = attempt.hung ? 'never finished' : `threw ${attempt.error?.name ?? 'an error'}: ${attempt.error?.message ?? ''}`;
  return t.fail({
    message: `${name} was called with ${what}, and ${reason}. An id comes from a URL, and a visitor can type anything there.`,
    cause: `${name} throws for an id that is none`, expected: 'an answer that says: there is none', actual: reason,
    hint: 'new ObjectId(text) throws for anything but 24 hex digits. Look at the text first (/^[0-9a-f]{24}$/i, or ObjectId.isValid), and do not ask the database at all.',
    ...(attempt.error?.stack ? { evidence: [{ kind: 'error' as const, text: attempt.error.stack, untrusted: true, ...(attempt.error.at ? { at: attempt.error.at } : {}) }] } : {}),
  });
}

/** Says so where what was asked, or written, went to another collection. */
export function elsewhere(t: CheckContext): string {
  const all = [...t.tap.queries(), ...t.tap.writes()];
  const [other] = all.filter(({ collection }) => collection !== 'test_data');
  return other && !all.some(({ collection }) => collection === 'test_data') ? ` It went to the collection "${other.collection}", not to "test_data".` : '';
}

/** Whether an ObjectId, or the value given, is anywhere in a command. */
export function mentions(value: unknown, wanted: ObjectId | string): boolean {
  if (typeof wanted === 'string' && value === wanted) return true;
  if (typeof value !== 'object' || value === null) return false;
  if ('_bsontype' in value) return value._bsontype === 'ObjectId' && String(value) === String(wanted);
  return Object.values(value).some((inner) => mentions(inner, wanted));
}

/** Fails unless `value` is a date of the last moments. */
export function expectNow(t: CheckContext, field: string, value: unknown): void {
  const evidence = t.tap.evidence(t.tap.writes());
  t.ok(value !== undefined && value !== null, { message: `The stored document has no ${field}.`, cause: `${field} is missing`, expected: 'the date of now', actual: value, evidence });
  if (!(value instanceof Date)) {
    return t.fail({
      message: `${field} is stored as ${typeof value === 'string' ? 'a text' : `a ${typeof value}`}, not as a date. MongoDB keeps types apart: a query for a date, or a sort by one, passes it by.`,
      cause: `${field} is no date`, expected: 'the date of now', actual: value, hint: 'Give the driver a Date: new Date(), without toISOString().', evidence,
    });
  }
  t.ok(Math.abs(value.getTime() - Date.now()) < 60_000, { message: `${field} is a date, but not that of now.`, cause: `${field} is another time`, expected: new Date(), actual: value, evidence });
}
