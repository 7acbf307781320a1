import type { Attempt, CheckContext, Document } from 'mongo-course/checker';

export interface Report {
  result: unknown;
  promised: boolean;
  after: unknown;
}

export type Errors = Record<string, string[]>;

/** How a call looks in a message: `deserialize({ value: "1.5" })`. */
function callText(input: unknown, options: Document | undefined): string {
  return `deserialize(${show(input)}${options ? `, ${show(options)}` : ''})`;
}

export function show(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'new Date(NaN)' : `new Date("${value.toISOString()}")`;
  if (typeof value === 'string') return JSON.stringify(value.length > 70 ? `${value.slice(0, 20)}… (${value.length} characters)` : value);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).map(([key, inner]) => `${key}: ${show(inner)}`).join(', ')} }`;
  return String(value);
}

/** Calls deserialize, and makes sure that what it gives has one of the two shapes. */
export async function deserialize(t: CheckContext, input: unknown, options?: Document): Promise<{ ok: true; value: Document } | { ok: false; errors: Errors }> {
  const call = callText(input, options);
  const attempt = await (await t.program()).attempt('deserialize', input, ...(options ? [options] : []));
  if (!attempt.ok) return threw(t, call, attempt);
  const { result, promised } = attempt.value as Report;
  return shaped(t, result, promised, call);
}

function threw(t: CheckContext, call: string, { error, hung }: Attempt): never {
  const what = hung ? 'never finished' : `threw ${error?.name ?? 'an error'}`;
  return t.fail({
    message: `${call} ${what}. Bad input is nothing exceptional: deserialize tells of it by what it returns, and never throws.`,
    cause: `deserialize ${what}`, expected: '{ ok: true, value } or { ok: false, errors }', actual: hung ? 'nothing' : (error?.message ?? what),
    ...(error?.name === 'ZodError' ? { hint: 'fields.parse() throws; fields.safeParse() returns what it found.' } : {}),
    ...(error?.stack ? { evidence: [{ kind: 'error' as const, text: error.stack, untrusted: true, ...(error.at ? { at: error.at } : {}) }] } : {}),
  });
}

export function shaped(t: CheckContext, result: unknown, promised: boolean, call: string): { ok: true; value: Document } | { ok: false; errors: Errors } {
  if (promised) return t.fail({ message: `${call} gave a promise. Nothing here has to be waited for, so nobody awaits it.`, cause: 'deserialize is async', hint: 'Take the word async away.' });
  if (isObject(result)) {
    if (result.ok === true && isObject(result.value)) return { ok: true, value: result.value };
    if (result.ok === false && isObject(result.errors)) return { ok: false, errors: told(t, result.errors, call) };
  }
  return t.fail({
    message: `${call} gave neither { ok: true, value } nor { ok: false, errors }.`, cause: 'deserialize gives another shape', expected: '{ ok: true, value: { … } } or { ok: false, errors: { … } }', actual: result,
  });
}

function told(t: CheckContext, errors: Document, call: string): Errors {
  for (const [field, messages] of Object.entries(errors)) {
    t.ok(Array.isArray(messages) && messages.every((message) => typeof message === 'string'), {
      message: `${call} gave errors.${field} in another form than a list of texts.`, cause: 'errors are no lists of texts', expected: '["what is wrong"]', actual: messages,
    });
  }
  return Object.fromEntries(Object.entries(errors as Errors).filter(([, messages]) => messages.length > 0));
}

const isObject = (value: unknown): value is Document => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Told {
  /** Completes the message: why the input is right, or wrong. */
  why: string;
  cause: string;
  hint?: string;
  options?: Document;
  /** None of the input's other fields may be in the value. Where this is not the question, it is left to the check whose question it is. */
  exactly?: boolean;
}

/** The input is right: fails unless it gives `expected`. */
export async function accepts(t: CheckContext, input: unknown, expected: Document, { why, cause, hint, options, exactly = false }: Told): Promise<void> {
  const answer = await deserialize(t, input, options);
  const call = callText(input, options);
  const more = hint === undefined ? {} : { hint };
  if (!answer.ok) return t.fail({ message: `${call} gave errors, and the input is right: ${why}`, cause, expected: show({ ok: true, value: expected }), actual: show(answer), ...more });
  const asked = (field: string): boolean => field in expected || (exactly && field in (input as Document));
  const looked = Object.fromEntries(Object.entries(answer.value).filter(([field]) => asked(field)));
  t.equal(looked, expected, { message: `${call} gave another value than expected. ${why[0]?.toUpperCase()}${why.slice(1)}`, cause, ...more });
}

/** The input is wrong in these fields and no others: fails unless errors are told of exactly them. */
export async function refuses(t: CheckContext, input: unknown, fields: readonly string[], { why, cause, hint, options }: Told): Promise<void> {
  const answer = await deserialize(t, input, options);
  const call = callText(input, options);
  const more = hint === undefined ? {} : { hint };
  if (answer.ok) return t.fail({ message: `${call} gave ok: true, and the input is wrong: ${why}`, cause, expected: `errors for ${fields.join(', ')}`, actual: show(answer), ...more });
  const found = Object.keys(answer.errors).sort();
  t.equal(found, [...fields].sort(), {
    message: `${call} has to tell of an error for ${fields.join(', ')}, and for nothing else. It told of ${found.join(', ') || 'none: errors is empty'}.`, cause, ...more,
  });
}
