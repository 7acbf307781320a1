import { check } from 'mongo-course/checker';
import { accepts, refuses, shaped, show, type Report } from '../calls.ts';
import { takesGoodInput, tellsErrorsByField } from './fields.ts';

const whole = { lesson: '04-serializers#unknown-fields', needs: [takesGoodInput, tellsErrorsByField] };

export const dropsUnknownFields = check('unknown fields are dropped, and _id is ignored', whole, async (t) => {
  const message = t.random.words(2);
  await accepts(t, { message, [t.random.word()]: t.random.word(), is_admin: true }, { message }, { why: 'fields that are not in the table are dropped, without an error.', cause: 'unknown fields are kept or refused', exactly: true });
  for (const _id of [t.random.hex(24), t.random.objectId(), 42]) {
    await accepts(t, { message, _id }, { message }, { why: '_id is read-only: whatever is sent for it is ignored, without an error.', cause: '_id is kept or refused', exactly: true });
  }
});

export const addsNothing = check('what is absent stays absent', { ...whole, lesson: '04-serializers#required-and-optional' }, async (t) => {
  const message = t.random.words(2);
  for (const options of [undefined, { partial: true }]) {
    const { result, promised } = (await t.call('deserialize', { message }, ...(options ? [options] : []))) as Report;
    const call = `deserialize(${show({ message })}${options ? ', { partial: true }' : ''})`;
    const answer = shaped(t, result, promised, call);
    const added = answer.ok ? Object.keys(answer.value).filter((field) => field !== 'message') : [];
    t.ok(answer.ok && added.length === 0, {
      message: `${call} gave a value with fields that were not sent: ${added.join(', ')}. The view decides about defaults; and a field that is undefined would be stored, as null.`,
      cause: added.some((field) => answer.ok && answer.value[field] === undefined) ? 'absent fields appear as undefined' : 'adds defaults', expected: '{ message }', actual: show(result),
      hint: 'Write a field into the value only where the input has it. In Zod: optional(), and no default().',
    });
  }
});

export const tellsAllErrors = check('all errors are told at once', { ...whole, lesson: '04-serializers#all-errors-at-once' }, async (t) => {
  const hint = 'Go on after the first error, and gather them. In Zod: error.issues has them all.';
  const input = { message: 'x'.repeat(1000), timestamp: t.random.word(), source: 'y'.repeat(100), value: t.random.word(), status: 'z'.repeat(100), updated_at: t.random.word() };
  await refuses(t, input, Object.keys(input), { why: 'every field of it is wrong.', cause: 'does not tell all errors', hint });
  await refuses(t, { message: t.random.word(), value: t.random.word(), source: t.random.word(), status: 'z'.repeat(100) }, ['value', 'status'], { why: 'value and status are wrong, while the message and the source are right.', cause: 'does not tell all errors', hint });
});

export const refusesWhatIsNoObject = check('what is no object has errors.non_field_errors', { ...whole, lesson: '04-serializers#input-that-is-no-object' }, async (t) => {
  for (const [what, input] of [['null', null], ['a list', [{ message: t.random.word() }]], ['an empty list', []], ['a text', t.random.word()], ['a number', t.random.int(1, 99)]] as const) {
    for (const options of [undefined, { partial: true }]) {
      await refuses(t, input, ['non_field_errors'], {
        why: `it is ${what}, where an object with fields should be.`, cause: `${what} is not refused with non_field_errors`, ...(options ? { options } : {}),
        hint: 'typeof null is "object", and so is that of a list: Array.isArray tells. Look at this first, before you read any field.',
      });
    }
  }
});

export const partialRequiresNothing = check('with partial nothing is required', { ...whole, lesson: '04-serializers#partial-updates' }, async (t) => {
  const options = { partial: true };
  const [source, value] = [t.random.word(), t.random.int(1, 99)];
  const told = { options, why: 'with partial, nothing is required.', cause: 'partial input is refused' };
  await accepts(t, {}, {}, told);
  await accepts(t, { source }, { source }, told);
  await accepts(t, { value }, { value }, told);
});

export const partialKeepsTheRules = check('with partial, what is given keeps to its rules', { ...whole, lesson: '04-serializers#partial-updates', needs: [partialRequiresNothing] }, async (t) => {
  const cause = 'partial input is not checked';
  for (const input of [{ message: 'x'.repeat(1000) }, { message: null }, { value: t.random.word() }, { timestamp: t.random.word() }, { source: 'y'.repeat(100) }]) {
    await refuses(t, input, Object.keys(input), { options: { partial: true }, why: 'partial allows a field to be absent, not to be wrong.', cause });
  }
});

export const leavesItsInput = check('the input is left as it was', { ...whole, lesson: '04-serializers#unknown-fields' }, async (t) => {
  const moment = t.random.date();
  const input = { _id: t.random.hex(24), message: ` ${t.random.word()} `, value: String(t.random.int(1, 99)), timestamp: moment.toISOString(), updated_at: moment, status: null, extra: { deep: [1, 2] } };
  for (const [what, given, args] of [['good', input, []], ['partial', input, [{ partial: true }]], ['bad', { ...input, source: 'y'.repeat(100) }, []]] as const) {
    const { after } = (await t.call('deserialize', given, ...args)) as Report;
    t.equal(after, given, { message: `deserialize changed the object it was given (${what} input). Whoever passed it may still need it.`, cause: 'the input is changed', hint: 'Write into a new object, never into input.' });
  }
});

export const ignoresDangerousKeys = check('__proto__ and constructor do nothing', { ...whole, lesson: '04-serializers#unknown-fields', needs: [dropsUnknownFields, addsNothing] }, async (t) => {
  const message = t.random.words(2);
  const body = `"message":${JSON.stringify(message)}`;
  for (const key of ['__proto__', 'constructor']) {
    const text = `{${body},"${key}":{"polluted":true,"status":"${t.random.word()}","prototype":{"polluted":true}}}`;
    const { result, promised, inherited, polluted } = (await t.call('deserializeJson', text)) as Report & { inherited: unknown; polluted: unknown };
    const answer = shaped(t, result, promised, `deserialize(${text})`);
    const failure = {
      message: `deserialize(${text}) is not the same as without the key ${key}. For JSON it is a key like any other; for JavaScript it is the way to what all objects have in common.`,
      cause: `${key} in the input does something`, hint: 'Read the fields you know, by name. Do not copy all keys, and do not look up what is unknown in an object: rules["constructor"] is there.',
    };
    t.ok(answer.ok, { ...failure, expected: show({ ok: true, value: { message } }), actual: show(result) });
    t.equal(answer.ok && answer.value, { message }, failure);
    t.ok(inherited === undefined && polluted === undefined, { ...failure, message: `deserialize(${text}) ${polluted === undefined ? 'gave a value whose prototype came from the input' : 'changed the prototype of all objects'}.` });
  }
});
