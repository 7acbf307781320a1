import { check } from 'mongo-course/checker';
import { accepts, deserialize, refuses, show } from '../calls.ts';

const rules = { lesson: '04-serializers#required-and-optional' };

export const takesGoodInput = check('good input gives ok and the value', rules, async (t) => {
  const input = { message: t.random.words(3), source: t.random.word(), value: t.random.int(1, 999), status: t.random.word() };
  const why = 'every field keeps to its rule.';
  await accepts(t, { message: input.message }, { message: input.message }, { why: 'message is all that is required.', cause: 'refuses a message alone' });
  await accepts(t, input, input, { why, cause: 'refuses or changes good input' });
});

export const tellsErrorsByField = check('bad input gives no ok, and errors by field', { ...rules, needs: [takesGoodInput] }, async (t) => {
  const input = { message: 42, source: '', value: t.random.word(), timestamp: t.random.word() };
  const answer = await deserialize(t, input);
  t.ok(!answer.ok && Object.keys(answer.errors).length > 0, {
    message: `deserialize(${show(input)}) did not tell of errors, though nothing of it is right.`, cause: 'no errors are told', expected: '{ ok: false, errors: { message: ["…"], … } }', actual: show(answer),
  });
});

const needs = [takesGoodInput, tellsErrorsByField];

export const requiresTheMessage = check('a message is required', { ...rules, needs }, async (t) => {
  const cause = 'the message is not required';
  await refuses(t, {}, ['message'], { why: 'it has no message.', cause });
  await refuses(t, { source: t.random.word(), value: t.random.int(1, 99) }, ['message'], { why: 'it has no message.', cause });
});

export const trimsTexts = check('spaces around texts are cut off', { ...rules, needs }, async (t) => {
  for (const field of ['message', 'source', 'status']) {
    const text = t.random.words(2);
    const base = { message: t.random.word() };
    await accepts(t, { ...base, [field]: `  ${text} \n` }, { ...base, [field]: text }, { why: `${field} is trimmed: the spaces around it go, those inside it stay.`, cause: `${field} is not trimmed`, hint: 'text.trim(), or in Zod: z.string().trim()' });
  }
});

const texts = [['message', 255], ['source', 50], ['status', 50]] as const;

export const limitsLengths = check('message has 1 to 255 characters, source and status 1 to 50', { ...rules, needs }, async (t) => {
  for (const [field, most] of texts) {
    const base = { message: t.random.word() };
    const long = t.random.pick([...'abcdefghij']).repeat(most);
    await accepts(t, { ...base, [field]: long }, { ...base, [field]: long }, { why: `${field} may have ${most} characters, and has just as many.`, cause: `${field} may not have ${most} characters` });
    await refuses(t, { ...base, [field]: `${long}x` }, [field], { why: `${field} has ${most + 1} characters, and ${most} are the most.`, cause: `${field} may be too long` });
    await refuses(t, { ...base, [field]: '' }, [field], { why: `${field} is empty, and has to have one character at least.`, cause: `${field} may be empty` });
  }
});

export const countsAfterTrimming = check('lengths count after the trimming', { ...rules, needs: [trimsTexts, limitsLengths] }, async (t) => {
  for (const [field, most] of texts) {
    const base = { message: t.random.word() };
    const long = t.random.pick([...'abcdefghij']).repeat(most);
    const cause = `the length of ${field} counts before the trimming`;
    const hint = 'First trim, then look at the length. In Zod, the order counts: z.string().trim().min(1).max(…)';
    await accepts(t, { ...base, [field]: ` ${long} ` }, { ...base, [field]: long }, { why: `without the spaces around it, ${field} has ${most} characters, and may have them.`, cause, hint });
    await refuses(t, { ...base, [field]: '   ' }, [field], { why: `without its spaces, ${field} is empty.`, cause, hint });
  }
});

export const refusesOtherTypesOfText = check('texts of another type are errors', { ...rules, needs }, async (t) => {
  for (const field of ['message', 'source', 'status']) {
    const others = [['a number', 42], ['a boolean', true], ['an object', { text: t.random.word() }], ['a list', [t.random.word()]]] as const;
    for (const [what, other] of others) {
      await refuses(t, { message: t.random.word(), [field]: other }, [field], { why: `${field} is ${what}, not a text. Whoever turns it into one stores what nobody meant: "[object Object]", "true".`, cause: `${field} may be ${what}` });
    }
  }
});

const times = { lesson: '04-serializers#dates-need-a-zone', needs };

export const readsTimestamps = check('dates are read, whatever their zone', times, async (t) => {
  for (const field of ['timestamp', 'updated_at']) {
    const message = t.random.word();
    const moment = t.random.date();
    moment.setUTCMilliseconds(0);
    const whole = moment.toISOString().replace('.000', '');
    const forms: [string, unknown, Date][] = [
      ['it ends in Z', whole, moment],
      ['it has a fraction of a second', whole.replace('Z', '.250Z'), new Date(moment.getTime() + 250)],
      ['it has six digits after the point, as Python writes them', whole.replace('Z', '.250000Z'), new Date(moment.getTime() + 250)],
      ['its zone is +02:00, two hours ahead of UTC', whole.replace('Z', '+02:00'), new Date(moment.getTime() - 2 * 3600_000)],
      ['its zone is -05:30', whole.replace('Z', '-05:30'), new Date(moment.getTime() + 5.5 * 3600_000)],
      ['in UTC it is still the day before, and the day is right nevertheless', '2025-03-01T00:30:00+02:00', new Date('2025-02-28T22:30:00Z')],
      ['2024 was a leap year', '2024-02-29T12:00:00Z', new Date('2024-02-29T12:00:00Z')],
      ['it is a valid Date already', moment, moment],
    ];
    for (const [why, written, expected] of forms) {
      await accepts(t, { message, [field]: written }, { message, [field]: expected }, { why: `${field} becomes a Date; ${why}.`, cause: `${field}: ${written instanceof Date ? 'a Date is not taken' : `a date is refused or misread (${why})`}` });
    }
  }
});

export const refusesOddTimestamps = check('what is no date with a time and a zone is an error', times, async (t) => {
  for (const field of ['timestamp', 'updated_at']) {
    const forms: [string, unknown, string][] = [
      ['a date without a time', '2025-01-31', 'it is a date without a time'],
      ['a date without a zone', '2025-01-31T09:30:00', 'it has no zone, so nobody knows which moment is meant'],
      ['a day that does not exist', '2025-02-30T09:30:00Z', 'there is no 30th of February. new Date() makes the 2nd of March of it, without a word'],
      ['a day that does not exist', '2025-02-29T09:30:00Z', '2025 is no leap year'],
      ['a month that does not exist', '2025-13-01T09:30:00Z', 'there is no thirteenth month'],
      ['an hour that does not exist', '2025-01-31T25:30:00Z', 'there is no hour 25'],
      ['any text', t.random.word(), 'it is no date'],
      ['an empty text', '', 'it is empty'],
      ['a number', 1_735_689_600_000, 'it is a number'],
      ['an invalid Date', new Date(Number.NaN), 'it is an invalid Date'],
    ];
    for (const [what, written, why] of forms) {
      await refuses(t, { message: t.random.word(), [field]: written }, [field], { why: `${field} is wrong: ${why}.`, cause: `${field} may be ${what}` });
    }
  }
});

export const takesIntegers = check('value is a whole number, or one in digits', { ...rules, needs, lesson: '04-serializers#numbers-and-strings' }, async (t) => {
  const number = t.random.int(1, 9999);
  const forms: [unknown, number][] = [[number, number], [-number, -number], [0, 0], [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], [String(number), number], [`-${number}`, -number], ['0', 0]];
  for (const [written, expected] of forms) {
    const message = t.random.word();
    await accepts(t, { message, value: written }, { message, value: expected }, {
      why: typeof written === 'string' ? 'a whole number in digits, as forms and URLs send it, becomes a number.' : 'value is a whole number, which may be 0 or negative.',
      cause: typeof written === 'string' ? 'a number in digits is not read' : 'a whole number is refused',
    });
  }
});

export const refusesOtherValues = check('any other value is an error', { ...rules, needs, lesson: '04-serializers#numbers-and-strings' }, async (t) => {
  const forms: [string, unknown][] = [
    ['1.5', 1.5], ['"1.5"', '1.5'], ['true', true], ['an empty text', ''], ['a word', t.random.word()], ['digits and letters', `${t.random.int(10, 99)}abc`],
    ['"1e3"', '1e3'], ['digits with spaces around them', ` ${t.random.int(10, 999)} `], ['digits with a plus in front', `+${t.random.int(1, 99)}`], ['"0x1F"', '0x1F'], ['a number too large to be exact', 2 ** 53], ['digits of a number too large to be exact', '9007199254740993'], ['a list', [t.random.int(1, 9)]], ['an object', {}],
  ];
  for (const [what, value] of forms) {
    await refuses(t, { message: t.random.word(), value }, ['value'], {
      why: `value may be a whole number, or digits with or without a minus in front, and nothing else. This is ${what}.`, cause: `value may be ${what}`,
      hint: 'Number(text) takes much: "" is 0, "0x1F" is 31, " 150 " is 150, true is 1. parseInt stops at the first odd character. Look at the text first: /^-?\\d+$/, then Number.isSafeInteger.',
    });
  }
});

export const keepsNull = check('null stays null where it is allowed', { ...rules, needs }, async (t) => {
  for (const field of ['timestamp', 'value', 'status', 'updated_at']) {
    const message = t.random.word();
    await accepts(t, { message, [field]: null }, { message, [field]: null }, { why: `${field} may be null, and says by it: there is none. It stays null.`, cause: `null is refused or changed for ${field}` });
  }
});

export const refusesNull = check('message and source may not be null', { ...rules, needs }, async (t) => {
  await refuses(t, { message: null }, ['message'], { why: 'message may not be null.', cause: 'message may be null' });
  await refuses(t, { message: t.random.word(), source: null }, ['source'], { why: 'source may be absent, but not null.', cause: 'source may be null' });
});
