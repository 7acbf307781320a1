import { isSubmissionError } from './failure.ts';
import type { CheckContext, HttpAnswer } from './types.ts';

/** What the wrong status tells whoever gets it. */
const says: Readonly<Record<number, string>> = { 200: ' 200 says: all is well.', 201: ' 201 says: it is stored.', 500: ' 500 says: this program has a bug.' };

/**
 * What is no JSON beyond doubt. Of names that only look like it, such as `application/jsonl` or `text/json`, the contracts
 * say nothing, and many a right program asks only how the name begins.
 */
const notJson = [undefined, 'text/plain', 'application/x-www-form-urlencoded'] as const;

/**
 * Fails unless a body that is called anything but JSON is answered with 415.
 * @param what what is sent, for sentences: "a log by POST"
 */
export async function expect415(t: CheckContext, what: string, send: (headers: Record<string, string>) => Promise<HttpAnswer>): Promise<void> {
  for (const type of notJson) {
    const { status, evidence } = await send(type === undefined ? {} : { 'content-type': type });
    t.equal(status, 415, {
      message: `${what} was sent ${type === undefined ? 'without a Content-Type' : `with Content-Type: ${type}`}, and the answer was ${status} instead of 415.${says[status] ?? ''}`,
      cause: `${status} instead of 415: a content type that is ${type === undefined ? 'absent' : 'not JSON'}`,
      hint: 'express.json() leaves other types alone, without an error. Ask req.is("application/json") yourself, before it, on each route that takes a body.',
      evidence,
    });
  }
}

/** The first stack trace or path of a file in what a server answered; undefined where there is none. */
export function secretIn(text: string): string | undefined {
  return /\bat [^\n]*:\d+:\d+\)?|(?:^|[\s"'(])(?:\/[\w.@-]+){2,}\.[cm]?[jt]s\b|file:\/\/\/?[^\s"']*|node_modules\S*|[A-Za-z]:\\\\?[\w.-]+\\/.exec(text)?.[0].slice(0, 120);
}

/** What to say where a server does not answer 503. */
export interface OutageHints {
  /** Another status came. */
  status: string;
  /** No answer came, or a late one. */
  late: string;
  /** Where the 503 is to be JSON without stack traces and paths of files: how. Without it, nobody looks. */
  json?: string;
}

/**
 * Fails unless a request, sent while the database is down, is answered with 503 within five seconds (and a margin).
 * @param what the request in a word or two, for sentences: "GET of one log"
 */
export async function expect503(t: CheckContext, what: string, request: Promise<HttpAnswer>, hints: OutageHints): Promise<void> {
  const answer = await request.catch((error: unknown) => {
    if (!isSubmissionError(error)) throw error;
    // No answer is as wrong as a wrong one.
    return t.fail({
      ...error.failure, message: `The database is down and ${what} was sent: a 503 is due within 5 seconds. ${error.failure.message}`, cause: `no answer while the database is down (${error.failure.cause ?? ''})`,
      hint: error.failure.hint ?? `${hints.late} And an error that nobody catches may leave a request without an answer.`,
    });
  });
  const { status, evidence } = answer;
  t.equal(status, 503, { message: `The database is down and ${what} was sent, and the answer was ${status} instead of 503.${says[status] ?? ''}`, cause: `${status} instead of 503: the database is down (${what})`, hint: hints.status, evidence });
  t.ok(answer.ms <= 8000, { message: `The 503 to ${what} came after ${Math.round(answer.ms / 1000)} seconds; 5 are the most.`, cause: 'the 503 comes too late', hint: hints.late, evidence });
  if (hints.json === undefined) return;
  t.ok(answer.json !== undefined, { message: `The 503 to ${what} is no JSON.`, cause: 'the 503 is no JSON', actual: answer.text.slice(0, 200), hint: hints.json, evidence });
  const secret = secretIn(answer.text);
  t.ok(secret === undefined, { message: `The 503 to ${what} shows what is inside of your program.`, cause: 'the 503 shows a stack or a path', expected: 'no stack trace, no path of a file', actual: secret, hint: hints.json, evidence });
}
