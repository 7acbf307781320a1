import { check, expect415, secretIn, type CheckContext, type HttpAnswer } from 'mongo-course/checker';
import { ask, bodyOf, expectStatus, good, logs, of, path, post, send, storedLog, whole } from '../api.ts';
import { creates } from './create.ts';
import { getsOne, patches, replaces } from './detail.ts';
import { listsLogs } from './list.ts';

const options = { lesson: '05-api-endpoints#status-codes-that-tell-the-truth', needs: [listsLogs, creates, getsOne] };

/** The three requests that have bodies, the path of a stored log behind two of them. */
async function targets(t: CheckContext): Promise<[method: string, query: string][]> {
  const log = storedLog(t);
  await logs(t).insert(log);
  return [['POST', ''], ['PUT', of(log)], ['PATCH', of(log)]];
}

export const refusesMalformedJson = check('malformed JSON is answered with 400', options, async (t) => {
  for (const [method, query] of await targets(t)) {
    expectStatus(t, await send(t, method, query, `{"user_id": 5, "action": "${t.random.word()}"`), 400, `${method} was sent with JSON that does not end`, { cause: `malformed JSON (${method})`, hint: 'express.json() passes an error with status 400 to the error handler. With JSON.parse, catch the SyntaxError.' });
  }
});

export const refusesOtherContentTypes = check('a content type that is absent or not JSON is answered with 415', { ...options, lesson: '05-api-endpoints#content-types-and-sizes' }, async (t) => {
  for (const [method, query] of await targets(t)) {
    await expect415(t, method, (headers) => ask(t, method, query, { body: JSON.stringify(whole(t)), headers }));
  }
});

export const takesCharsets = check('Content-Type: application/json; charset=utf-8 is JSON, too', { ...options, lesson: '05-api-endpoints#content-types-and-sizes' }, async (t) => {
  for (const [method, query] of await targets(t)) {
    const answer = await ask(t, method, query, { body: JSON.stringify(whole(t)), headers: { 'content-type': 'application/json; charset=utf-8' } });
    expectStatus(t, answer, method === 'POST' ? 201 : 200, `${method} was sent with Content-Type: application/json; charset=utf-8`, { cause: `a content type with a charset (${method})`, hint: 'A content type may have parameters: look at the part before the semicolon. req.is("application/json") does.' });
  }
});

export const takesLargerBodies = check('a body of 64 KiB is taken', { ...options, needs: [...options.needs, replaces, patches], lesson: '05-api-endpoints#content-types-and-sizes' }, async (t) => {
  // Each of another length: a PATCH with what PUT has stored already would change nothing.
  for (const [index, [method, query]] of (await targets(t)).entries()) expectStatus(t, await send(t, method, query, bodyOf(t, 64 * 1024 - index)), method === 'POST' ? 201 : 200, `${method} was sent with a good log in a body of 64 KiB`, { hint: 'express.json({ limit: "1mb" })', cause: `a body of 64 KiB (${method})` });
});

export const refusesHugeBodies = check('a body of 2 MiB is answered with 413', { ...options, lesson: '05-api-endpoints#content-types-and-sizes', timeoutMs: 25_000 }, async (t) => {
  for (const [method, query] of await targets(t)) {
    expectStatus(t, await send(t, method, query, bodyOf(t, 2 * 1024 * 1024)), 413, `${method} was sent with a body of 2 MiB`, { cause: `a body of 2 MiB (${method})`, hint: 'express.json({ limit: "1mb" }) passes an error with status 413 to the error handler.' });
  }
});

export const refusesOtherMethods = check('other methods are answered with 405 and Allow', { ...options, lesson: '05-api-endpoints#methods-and-paths' }, async (t) => {
  const log = storedLog(t);
  await logs(t).insert(log);
  const others: [string, string, string[]][] = [['PUT', '', ['GET', 'POST']], ['PATCH', '', ['GET', 'POST']], ['DELETE', '', ['GET', 'POST']], ['POST', of(log), ['GET', 'PUT', 'PATCH', 'DELETE']]];
  for (const [method, query, allowed] of others) {
    const answer = await ask(t, method, query, method === 'DELETE' ? {} : { body: whole(t) });
    expectStatus(t, answer, 405, `${method} ${query || path} was sent`, { cause: `${method} where it is not allowed`, hint: 'app.route(path).get(…).all(…): the last one answers all other methods.' });
    const told = (answer.headers.allow ?? '').toUpperCase().split(/[\s,]+/);
    t.ok(allowed.every((one) => told.includes(one)), { message: `The 405 to ${method} ${query || path} has no header Allow that names ${allowed.join(', ')}.`, cause: 'no right Allow with the 405', expected: `Allow: ${allowed.join(', ')}`, actual: answer.headers.allow ?? 'no Allow', evidence: answer.evidence });
  }
});

export const otherPathsAreNotFound = check('other paths are answered with 404', { ...options, lesson: '05-api-endpoints#methods-and-paths' }, async (t) => {
  const log = storedLog(t);
  await logs(t).insert(log);
  for (const other of [`/api/mongo/${t.random.word()}/`, `/${t.random.word()}/`, `${path}${t.random.hex(24)}/${t.random.word()}/`, `${of(log)}${t.random.word()}/`]) {
    const below = other.startsWith(path);
    expectStatus(t, await ask(t, 'GET', other), 404, `GET ${other} was sent`, {
      cause: below ? 'a path below one log' : 'another path', ...(below ? { hint: 'The path of one log ends after its id. app.use(path, …), startsWith and split("/") take what is below it, too; app.route(path) does not.' } : {}),
    });
  }
});

/** One request for each kind of error. */
async function everyError(t: CheckContext): Promise<{ what: string; answer: HttpAnswer }[]> {
  const log = storedLog(t);
  await logs(t).insert(log);
  return [
    { what: 'a limit of 0', answer: await ask(t, 'GET', '?limit=0') },
    { what: 'a user_id of abc in the query', answer: await ask(t, 'GET', '?user_id=abc') },
    { what: 'a wrong action', answer: await post(t, good(t, { action: '' })) },
    { what: 'a wrong action in PATCH', answer: await send(t, 'PATCH', of(log), { action: '' }) },
    { what: 'an incomplete PUT', answer: await send(t, 'PUT', of(log), good(t)) },
    { what: 'malformed JSON', answer: await post(t, '{"user_id": 5') },
    { what: 'another content type', answer: await ask(t, 'POST', '', { body: JSON.stringify(good(t)), headers: { 'content-type': 'text/plain' } }) },
    { what: 'a body of 2 MiB', answer: await post(t, bodyOf(t, 2 * 1024 * 1024)) },
    { what: 'another method', answer: await ask(t, 'DELETE') },
    { what: 'another path', answer: await ask(t, 'GET', `/api/mongo/${t.random.word()}/`) },
    { what: 'an unknown id', answer: await ask(t, 'GET', `${path}${t.random.hex(24)}/`) },
    { what: 'a malformed id', answer: await ask(t, 'GET', `${path}abc/`) },
  ];
}

export const errorsAreJson = check('all errors are JSON', { ...options, timeoutMs: 20_000 }, async (t) => {
  for (const { what, answer } of await everyError(t)) {
    t.ok(answer.status < 400 || answer.json !== undefined, {
      message: `The answer to ${what} is ${answer.status}, and its body is no JSON. A program that calls this API parses it, whatever the status.`, cause: `an error is no JSON: ${what}`, expected: 'a JSON body', actual: answer.text === '' ? 'an empty body' : answer.text.slice(0, 200),
      hint: 'res.status(…).json({ … }), in the error handler and for unknown paths, too. What Express answers by itself is HTML.', evidence: answer.evidence,
    });
  }
});

export const errorsTellNoSecrets = check('errors have no stack traces and no file paths', { ...options, lesson: '05-api-endpoints#errors-without-secrets', timeoutMs: 20_000 }, async (t) => {
  for (const { what, answer } of await everyError(t)) {
    const secret = answer.status < 400 ? undefined : secretIn(answer.text);
    t.ok(secret === undefined, { message: `The answer to ${what} shows what is inside of your program. A visitor can do nothing with it, except to look for a way in.`, cause: 'an error shows a stack trace or a file path', expected: 'a sentence', actual: secret, hint: 'console.error(error) for you; a sentence of your own for the visitor.', evidence: answer.evidence });
  }
});

export const storesNothingOnErrors = check('nothing is stored where POST is answered with an error', { ...options, timeoutMs: 20_000 }, async (t) => {
  const answers = [
    await post(t, good(t, { action: '' })), await post(t, good(t, { user_id: 'x' })), await post(t, good(t, { data: [1] })), await post(t, good(t, { timestamp: 'x' })),
    await post(t, '{"user_id": 5'), await post(t, bodyOf(t, 2 * 1024 * 1024)), await ask(t, 'POST', '', { body: JSON.stringify(good(t)), headers: { 'content-type': 'text/plain' } }),
  ];
  const refused = answers.filter(({ status }) => status >= 400).length;
  const stored = await logs(t).count();
  t.ok(stored <= answers.length - refused, { message: `${refused} requests were answered with an error, and ${stored} logs are stored. Whoever gets an error sends the request again.`, cause: 'an error is answered, and something stored', expected: 'no log', actual: `${stored} logs`, hint: 'First look at the input, then store.', evidence: t.tap.evidence(t.tap.writes()) });
});
