import { check, type CheckContext, type Document } from 'mongo-course/checker';
import { show, type Report } from '../calls.ts';

const out = { lesson: '04-serializers#documents-to-json' };

function stored(t: CheckContext): Document & { _id: ReturnType<CheckContext['random']['objectId']> } {
  return { _id: t.random.objectId(), message: t.random.words(3), timestamp: t.random.date(), source: t.random.word(), value: t.random.int(1, 999), status: t.random.word(), updated_at: t.random.date() };
}

const fields = ['_id', 'message', 'timestamp', 'source', 'value', 'status', 'updated_at'];

async function serialize(t: CheckContext, doc: Document): Promise<Document> {
  return object(t, (await t.call('serialize', doc)) as Report, `serialize(${show(doc)})`);
}

function object(t: CheckContext, { result, promised }: Report, call: string): Document {
  if (promised) return t.fail({ message: `${call} gave a promise. Nothing here has to be waited for, so nobody awaits it.`, cause: 'serialize is async', hint: 'Take the word async away.' });
  if (typeof result === 'object' && result !== null && !Array.isArray(result)) return result as Document;
  return t.fail({ message: `${call} gave no object.`, cause: 'serialize gives no object', expected: 'an object', actual: result, hint: typeof result === 'string' ? 'res.json() makes a text of it later. serialize gives the object.' : 'Is there a return?' });
}

export const serializesFields = check('serialize gives the fields as they are stored', out, async (t) => {
  const { message, source, value, status, ...rest } = stored(t);
  const result = await serialize(t, { message, source, value, status, ...rest });
  t.equal({ message: result.message, source: result.source, value: result.value, status: result.status }, { message, source, value, status }, { message: 'serialize changed or lost a field.', cause: 'fields are lost or changed' });
});

const needs = [serializesFields];

export const serializesTheId = check('serialize gives _id as 24 hex digits', { ...out, needs }, async (t) => {
  const doc = stored(t);
  const { _id } = await serialize(t, doc);
  t.equal(_id, doc._id.toHexString(), { message: 'serialize did not give _id as a text of 24 hex digits. JSON has no ObjectId.', cause: '_id is no text of hex digits', hint: 'doc._id.toHexString()' });
});

export const serializesDates = check('serialize gives dates as ISO texts in UTC', { ...out, needs }, async (t) => {
  const doc = stored(t);
  const result = await serialize(t, doc);
  for (const field of ['timestamp', 'updated_at']) {
    const [written, expected] = [result[field], doc[field] as Date];
    const right = typeof written === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:?00)$/.test(written) && new Date(written).getTime() === expected.getTime();
    t.ok(written !== undefined, { message: `serialize left ${field} out.`, cause: `${field} is left out`, expected: expected.toISOString(), actual: written, hint: 'The table of the task names every field that serialize gives.' });
    t.ok(right, {
      message: `serialize did not give ${field} as an ISO text in UTC.`, cause: `${field} is no ISO text in UTC`, expected: expected.toISOString(), actual: written,
      hint: 'date.toISOString(). toString() and toLocaleString() write for people, each machine in its own way.',
    });
  }
});

export const serializesNoOtherFields = check('serialize gives no other fields', { ...out, needs }, async (t) => {
  const result = await serialize(t, { ...stored(t), password_hash: t.random.hex(20), tags: [t.random.word()], __v: 0 });
  const more = Object.keys(result).filter((field) => !fields.includes(field) && result[field] !== undefined);
  t.equal(more, [], { message: `serialize gave fields that are not in the table: ${more.join(', ')}. What somebody stores beside them is not for everybody's eyes.`, cause: 'gives fields that are not in the table', hint: 'Name the fields to give; do not copy all and delete some.' });
});

export const keepsNullAndAbsent = check('serialize keeps null, and adds nothing absent', { ...out, needs }, async (t) => {
  const { _id, message } = stored(t);
  const nulls = { timestamp: null, value: null, status: null, updated_at: null };
  const result = await serialize(t, { _id, message, ...nulls });
  for (const field of Object.keys(nulls)) t.equal(result[field], null, { message: `${field} is null in the document, and has to be null in the output.`, cause: 'null does not stay null', hint: 'Look for undefined, not for anything falsy.' });
  const bare = await serialize(t, { _id, message, value: 0 });
  t.equal(bare, { _id: bare._id, message, value: 0 }, { message: 'serialize was given a document with _id, message and the value 0 alone, and gave something else. What is absent in the document is absent in the output; 0 is there.', cause: 'adds absent fields, or loses 0', hint: 'Look whether the field is there (field in doc, or !== undefined), not whether it is truthy.' });
});

export const leavesTheDocument = check('serialize leaves the document as it was', { ...out, needs }, async (t) => {
  const doc = { ...stored(t), tags: [t.random.word()], status: null };
  const { after } = (await t.call('serialize', doc)) as Report;
  t.equal(after, doc, { message: 'serialize changed the document it was given.', cause: 'the document is changed', hint: 'Make a new object: { _id: doc._id.toHexString(), … }. The document may still be needed as it is.' });
});

export const serializesMany = check('serializeMany gives each, in their order', { ...out, needs: [...needs, serializesTheId] }, async (t) => {
  const docs = Array.from({ length: 4 }, () => stored(t));
  const { result, promised } = (await t.call('serializeMany', docs)) as Report;
  t.ok(!promised && Array.isArray(result), { message: 'serializeMany did not give a list.', cause: 'serializeMany gives no list', expected: 'a list of objects', actual: promised ? 'a promise' : result });
  const expected = await Promise.all(docs.map((doc) => serialize(t, doc)));
  t.equal(result, expected, { message: 'serializeMany did not give what serialize gives of each document, in the same order.', cause: 'serializeMany differs from serialize' });
  const none = (await t.call('serializeMany', [])) as Report;
  t.equal(none.result, [], { message: 'serializeMany was given an empty list, and did not give one.', cause: 'serializeMany fails for none' });
});
