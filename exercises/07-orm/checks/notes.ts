import { check, ObjectId, type Check, type CheckContext, type CheckOptions, type Document } from 'mongo-course/checker';
import { expectEntity, expectList, noteFields, noteInput, notes, oddNoteIds, onlyThroughTypeOrm, pick, storedNote, tryIds, writes } from '../stores.ts';
import { connects } from './connecting.ts';

const options = { needs: [connects], lesson: '08-typeorm#notes' };
const idHint = 'An _id is an ObjectId. Of a text with 24 hex digits, new ObjectId(text) makes one; anything else belongs to nothing, and the database need not be asked.';

/** A check that holds only where no client but TypeORM's came while it ran. */
const checkOfNotes = (title: string, options: CheckOptions, run: (t: CheckContext) => Promise<void>): Check => check(title, options, async (t) => {
  const since = t.tap.mark();
  await run(t);
  onlyThroughTypeOrm(t, since);
});

/** The one note that is stored now. */
async function onlyNote(t: CheckContext): Promise<Document> {
  const stored = await notes(t).find();
  const [only] = stored;
  if (only && stored.length === 1) return only;
  const elsewhere = t.tap.writes().find(({ collection }) => collection !== 'notes');
  // What is written too late must not end up among the next check's documents.
  if (!only && !elsewhere && (await t.eventually(1500, async () => (await notes(t).count()) > 0))) {
    t.fail({ message: 'When createNote was done, the note was not there yet; a moment later it was.', cause: 'nothing is stored when createNote is done', expected: '1 document', actual: '0 documents', hint: 'Is there an await, or a return, in front of save()?', evidence: writes(t) });
  }
  return t.fail({
    message: only ? `createNote left ${stored.length} documents in notes.` : `createNote finished, and there is no document in notes.${elsewhere ? ` It went into ${elsewhere.collection}.` : ''}`, cause: only ? 'stores more than one note' : elsewhere ? 'another collection' : 'nothing is stored when createNote is done',
    expected: '1 document', actual: `${stored.length} documents`, hint: elsewhere ? "@Entity('notes')" : 'Is there an await in front of save()?', evidence: writes(t),
  });
}

export const storesNotes = checkOfNotes('createNote stores a note, and gives it', options, async (t) => {
  const input = noteInput(t);
  t.tap.delayCommands({ names: ['insert', 'update', 'findAndModify', 'bulkWrite'] }, 150);
  const answer = expectEntity(t, 'createNote', await t.call('createNote', input), 'save() resolves to the entity, with its new _id.');
  const stored = await onlyNote(t);
  t.equal(pick(stored, 'title', 'content'), input, { message: 'The stored note is not the one that createNote was given.', cause: 'the note is not stored as given', hint: 'Every property that is to be stored needs a @Column().', evidence: writes(t) });
  t.ok(stored._id instanceof ObjectId, { message: 'The stored note\'s _id is no ObjectId.', cause: '_id is no ObjectId', expected: 'an ObjectId', actual: stored._id, hint: '@ObjectIdColumn() _id: ObjectId', evidence: writes(t) });
  t.equal(pick(answer, '_id', 'title', 'content'), pick(stored, '_id', 'title', 'content'), { message: 'createNote gave something else than the note it stored.', cause: 'gives another note' });
});

export const setsCreatedAt = check('a note gets the date of now as created_at', { ...options, needs: [storesNotes], lesson: '08-typeorm#entities' }, async (t) => {
  const create = async (): Promise<Document> => {
    await notes(t).delete();
    await t.call('createNote', noteInput(t));
    return onlyNote(t);
  };
  const made = await create();
  const { created_at: first } = made;
  const other = Object.keys(made).find((field) => /^creat/i.test(field) && field !== 'created_at');
  t.ok(first !== undefined, { message: `The stored note has no created_at.${other === undefined ? '' : ` It has ${other}.`}`, cause: 'created_at is missing', expected: 'the date of now', hint: other === undefined ? '@CreateDateColumn() is filled in by save(). insert() does not do that on MongoDB.' : 'The property is called created_at, and so is the field.', evidence: writes(t) });
  t.ok(first instanceof Date && Math.abs(first.getTime() - Date.now()) < 60_000, { message: 'created_at is not the date of now, stored as a date.', cause: 'created_at is not now', expected: new Date(), actual: first, hint: '@CreateDateColumn() created_at: Date', evidence: writes(t) });
  await t.sleep(30);
  const { created_at: second } = await create();
  t.ok((second as Date) > (first as Date), { message: 'Two notes, made one after the other, have the same created_at: that of the program\'s start.', cause: 'now is read only once', expected: 'a later date', actual: second, evidence: writes(t) });
});

export const listsNotes = checkOfNotes('listNotes gives all notes, newest first, equal dates by _id descending', options, async (t) => {
  const dates = [t.random.date(), t.random.date(), t.random.date(), t.random.date()];
  const stored = Array.from({ length: 101 }, (_, index) => storedNote(t, { created_at: dates[index % dates.length] }));
  await notes(t).insert(...t.random.shuffle(stored));
  stored.sort((a, b) => Number(b.created_at) - Number(a.created_at) || (String(a._id) < String(b._id) ? 1 : -1));
  const found = expectList(t, 'listNotes', await t.call('listNotes'));
  const inTime = found.every((note, index) => index === 0 || Number(note.created_at) <= Number(found[index - 1]?.created_at));
  const evidence = t.tap.evidence(t.tap.queries());
  t.equal([...found].map(({ _id }) => String(_id)).sort(), stored.map(({ _id }) => String(_id)).sort(), { message: 'listNotes did not give all the notes that are stored, each once.', cause: 'not all notes', evidence });
  t.equal(found.map(({ _id }) => String(_id)), stored.map(({ _id }) => String(_id)), {
    message: inTime ? 'The notes come newest first, but among those with the same created_at the highest _id has to come first.' : 'The notes do not come newest created_at first.', cause: inTime ? 'equal dates in no fixed order' : 'not sorted by created_at, descending',
    hint: "find({ order: { created_at: 'DESC', _id: 'DESC' } })", evidence,
  });
  t.equal(found.map((note) => pick(note, ...noteFields)), stored.map((note) => pick(note, ...noteFields)), { message: 'listNotes did not give the notes as they are stored.', cause: 'notes are changed', evidence });
});

export const getsNotes = checkOfNotes('getNote gives a note by its id, ObjectId or text', options, async (t) => {
  const wanted = storedNote(t);
  await notes(t).insert(storedNote(t), wanted, storedNote(t));
  for (const [id, form] of [[wanted._id, 'the ObjectId'], [wanted._id.toHexString(), 'the id as a text']] as const) {
    const found = await t.call('getNote', id);
    t.ok(found !== null && found !== undefined, { message: `getNote was called with ${form} of a stored note, and found nothing.`, cause: `not found by ${form}`, expected: 'the note', actual: found, hint: idHint, evidence: t.tap.evidence(t.tap.queries()) });
    t.equal(pick(found, ...noteFields), pick(wanted, ...noteFields), { message: `getNote was called with ${form} of a stored note, and did not give that note as it is stored.`, cause: `another note for ${form}`, evidence: t.tap.evidence(t.tap.queries()) });
  }
});

export const getsNoNoteForOddIds = check('getNote gives null for an id of nothing', { ...options, needs: [getsNotes], lesson: '08-typeorm#notes' }, async (t) => {
  await notes(t).insert(storedNote(t));
  await tryIds(t, 'getNote', oddNoteIds(t), null, idHint);
});

export const updatesNotes = checkOfNotes('updateNote writes the fields given, and gives the note', { needs: [getsNotes], lesson: '08-typeorm#updating-only-what-changed' }, async (t) => {
  const other = storedNote(t);
  for (const changes of [{ title: t.random.words(4) }, { content: t.random.words(5) }, noteInput(t)]) {
    for (const asText of [false, true]) {
      await notes(t).delete();
      const before = storedNote(t);
      await notes(t).insert(other, before);
      const answer = await t.call('updateNote', asText ? before._id.toHexString() : before._id, changes);
      const after = await notes(t).findOne({ _id: before._id });
      t.equal(after, { ...before, ...changes }, { message: `updateNote was given a new ${Object.keys(changes).join(' and ')} (and the id as ${asText ? 'a text' : 'an ObjectId'}), and the stored note is not the old one with just that changed.`, cause: 'the stored note is not the old one with the changes', hint: "updateOne({ _id }, { $set: changes }), with an ObjectId as _id.", evidence: writes(t) });
      t.equal(await notes(t).findOne({ _id: other._id }), other, { message: 'updateNote changed another note too.', cause: 'changes other notes', evidence: writes(t) });
      expectEntity(t, 'updateNote', answer, 'update() and updateOne() resolve to counts. Find the note afterwards, and give that.');
      t.equal(pick(answer, ...noteFields), pick(after, ...noteFields), { message: 'updateNote gave something else than the note as it is stored now.', cause: 'gives another note', hint: 'Find the note after the update, or ask for it: findOneAndUpdate with returnDocument: "after".' });
    }
  }
  const same = storedNote(t);
  await notes(t).insert(same);
  const answer = await t.call('updateNote', same._id, { title: same.title });
  t.ok(answer !== null && answer !== undefined, { message: 'An update whose value was stored already changes nothing, and updateNote gave no note.', cause: 'gives null where nothing changes', expected: 'the note', actual: answer, hint: 'On MongoDB, affected counts what was modified, and that is 0 here. Find the note instead.' });
});

export const losesNoOtherWrite = check('updateNote writes no field that it was not given', { needs: [updatesNotes], lesson: '08-typeorm#updating-only-what-changed' }, async (t) => {
  const note = storedNote(t);
  await notes(t).insert(note);
  const program = await t.program();
  // The write is held back; meanwhile somebody else writes to the same note.
  t.tap.delayCommands({ names: ['update', 'findAndModify', 'findandmodify', 'bulkWrite', 'insert', 'delete'] }, 400);
  const [title, content] = [t.random.words(4), t.random.words(6)];
  await t.together(
    () => program.call('updateNote', note._id, { title }),
    async () => {
      await t.eventually(5000, () => t.tap.writes().length > 0);
      await notes(t).update({ _id: note._id }, { $set: { content } });
    },
  );
  const after = await notes(t).findOne({ _id: note._id });
  t.equal(pick(after, 'title', 'content'), { title, content }, {
    message: 'While updateNote was writing a new title, somebody else changed content. Afterwards that was lost: updateNote sent the content too, as it had read it before.', cause: 'sends all fields of the note',
    hint: 'save() of a loaded note sends all of its fields. updateOne({ _id }, { $set: changes }) sends what it is given.', evidence: writes(t),
  });
});

export const updatesNoNoteForOddIds = check('updateNote gives null for an id of nothing, and makes nothing', { needs: [updatesNotes], lesson: '08-typeorm#notes' }, async (t) => {
  const other = storedNote(t);
  await notes(t).insert(other);
  await tryIds(t, 'updateNote', oddNoteIds(t), null, idHint, { title: t.random.words(2) });
  t.equal(await notes(t).find(), [other], { message: 'updateNote was called with ids of nothing, and the collection is not as it was.', cause: 'changes something for an id of nothing', hint: 'No upsert, and no save() of something that was not found.', evidence: writes(t) });
});

export const deletesNotes = checkOfNotes('deleteNote deletes that note, and says so', { needs: [getsNotes], lesson: '08-typeorm#notes' }, async (t) => {
  for (const asText of [false, true]) {
    await notes(t).delete();
    const [wanted, other] = [storedNote(t), storedNote(t)];
    await notes(t).insert(other, wanted);
    const answer = await t.call('deleteNote', asText ? wanted._id.toHexString() : wanted._id);
    t.equal((await notes(t).find()).map(({ _id }) => _id), [other._id], { message: `deleteNote was called with the id of one of two notes (as ${asText ? 'a text' : 'an ObjectId'}), and not exactly that one is gone.`, cause: 'not that one note is deleted', hint: idHint, evidence: writes(t) });
    t.equal(answer, true, { message: 'deleteNote deleted the note, and did not resolve to true.', cause: 'deleteNote does not give true', hint: 'deleteOne resolves to an object: its deletedCount says how many; delete resolves to one with affected.' });
    t.equal(await t.call('deleteNote', wanted._id), false, { message: 'deleteNote was called again with the id of a note that is gone, and did not resolve to false.', cause: 'deleteNote does not give false' });
  }
  await tryIds(t, 'deleteNote', oddNoteIds(t), false, idHint);
  t.equal(await notes(t).count(), 1, { message: 'deleteNote was called with ids of nothing, and a note is gone.', cause: 'deletes something for an id of nothing', hint: idHint, evidence: writes(t) });
});
