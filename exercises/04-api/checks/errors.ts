import { check, expect415, secretIn, type CheckContext, type Document, type HttpAnswer } from 'mongo-course/checker';
import { ask, bodyOf, expectStatus, logs, path, post } from '../api.ts';
import { creates } from './create.ts';
import { listsLogs } from './list.ts';

const options = { lesson: '05-api-endpoints#status-codes-that-tell-the-truth', needs: [listsLogs, creates] };

export const refusesInvalidInput = check('invalid input is answered with 400 and its errors by field', options, async (t) => {
  const bad = { message: '', value: 1.5, source: t.random.word() };
  const answer = await post(t, bad);
  expectStatus(t, answer, 400, 'A log with a wrong message and a wrong value was sent', { cause: 'invalid input' });
  for (const field of ['message', 'value']) {
    const messages = (answer.json as Document | undefined)?.[field];
    t.ok(Array.isArray(messages) && messages.length > 0 && messages.every((message) => typeof message === 'string'), {
      message: `The 400 has no list of messages for ${field}, which is wrong in the body.`, cause: 'the 400 has no errors by field', expected: '{ "message": ["…"], "value": ["…"] }', actual: answer.text.slice(0, 300),
      hint: 'res.status(400).json(input.errors), with the errors of deserialize, and nothing around them.', evidence: answer.evidence,
    });
  }
  for (const list of [[bad], [{ message: t.random.words(2) }]]) expectStatus(t, await post(t, list), 400, 'A JSON array was sent in place of a log', { cause: 'an array in place of a log', hint: 'deserialize(req.body) refuses an array: let it look at the body as it is.' });
});

export const refusesMalformedJson = check('malformed JSON is answered with 400', options, async (t) => {
  for (const body of [`{"message": "${t.random.word()}"`, `{message: '${t.random.word()}'}`]) {
    expectStatus(t, await post(t, body), 400, `${body}, which is no JSON, was sent`, { cause: 'malformed JSON', hint: 'express.json() passes an error with status 400 to the error handler, app.use((error, req, res, next) => …). With JSON.parse, catch the SyntaxError.' });
  }
});

export const refusesOtherContentTypes = check('a content type that is absent or not JSON is answered with 415', { ...options, lesson: '05-api-endpoints#content-types-and-sizes' }, async (t) => {
  const good = JSON.stringify({ message: t.random.words(2) });
  await expect415(t, 'A log', (headers) => ask(t, 'POST', '', { body: good, headers }));
});

export const refusesHugeBodies = check('a body of 2 MiB is answered with 413', { ...options, lesson: '05-api-endpoints#content-types-and-sizes', timeoutMs: 20_000 }, async (t) => {
  expectStatus(t, await post(t, bodyOf(t, 2 * 1024 * 1024)), 413, 'A body of 2 MiB was sent', { cause: 'a body of 2 MiB', hint: 'express.json({ limit: "1mb" }) passes an error with status 413 to the error handler.' });
});

export const refusesOtherMethods = check('other methods are answered with 405 and Allow', { ...options, lesson: '05-api-endpoints#methods-and-paths' }, async (t) => {
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const answer = await ask(t, method, '', method === 'DELETE' ? {} : { body: { message: t.random.words(2) } });
    expectStatus(t, answer, 405, `${method} ${path} was sent`, { cause: 'another method', hint: 'app.route(path).get(…).post(…).all(…): the last one answers all other methods.' });
    const allowed = (answer.headers.allow ?? '').toUpperCase().split(/[\s,]+/);
    t.ok(allowed.includes('GET') && allowed.includes('POST'), {
      message: `The 405 to ${method} has no header Allow that names GET and POST. It tells the visitor what would have worked.`, cause: 'no Allow with the 405', expected: 'Allow: GET, POST', actual: answer.headers.allow ?? 'no Allow', hint: 'res.set("Allow", "GET, POST")', evidence: answer.evidence,
    });
  }
});

export const otherPathsAreNotFound = check('other paths are answered with 404', { ...options, lesson: '05-api-endpoints#methods-and-paths' }, async (t) => {
  for (const other of [`/api/mongo/${t.random.word()}/`, `/${t.random.word()}/`, '/api/mongo/', `${path}${t.random.word()}/`]) {
    const below = other.startsWith(path);
    expectStatus(t, await ask(t, 'GET', other), 404, `GET ${other} was sent`, {
      cause: below ? 'a path below the served one' : 'another path', ...(below ? { hint: 'Compare the whole path: app.use(path, …) and startsWith take everything below it, too; app.get(path, …) and app.route(path) do not.' } : {}),
    });
  }
});

/** One request for each kind of error. */
async function everyError(t: CheckContext): Promise<{ what: string; answer: HttpAnswer }[]> {
  const good = JSON.stringify({ message: t.random.words(2) });
  return [
    { what: 'a limit of 0', answer: await ask(t, 'GET', '?limit=0') },
    { what: 'an offset of abc', answer: await ask(t, 'GET', '?offset=abc') },
    { what: 'a wrong message', answer: await post(t, { message: '', source: t.random.word() }) },
    { what: 'malformed JSON', answer: await post(t, `{"message": "${t.random.word()}"`) },
    { what: 'another content type', answer: await ask(t, 'POST', '', { body: good, headers: { 'content-type': 'text/plain' } }) },
    { what: 'a body of 2 MiB', answer: await post(t, bodyOf(t, 2 * 1024 * 1024)) },
    { what: 'another method', answer: await ask(t, 'DELETE') },
    { what: 'another path', answer: await ask(t, 'GET', `/api/mongo/${t.random.word()}/`) },
  ];
}

export const errorsAreJson = check('all errors are JSON', { ...options, timeoutMs: 20_000 }, async (t) => {
  for (const { what, answer } of await everyError(t)) {
    t.ok(answer.status < 400 || answer.json !== undefined, {
      message: `The answer to ${what} is ${answer.status}, and its body is no JSON. A program that calls this API parses it, whatever the status.`, cause: `an error is no JSON: ${what}`, expected: 'a JSON body', actual: answer.text === '' ? 'an empty body' : answer.text.slice(0, 200),
      hint: what === 'another path' ? 'After all routes: app.use((req, res) => res.status(404).json({ … })). What Express answers by itself is HTML.' : 'res.status(…).json({ … }), in the error handler, too. What Express answers by itself is HTML.', evidence: answer.evidence,
    });
  }
});

export const errorsTellNoSecrets = check('errors have no stack traces and no file paths', { ...options, lesson: '05-api-endpoints#errors-without-secrets', timeoutMs: 20_000 }, async (t) => {
  for (const { what, answer } of await everyError(t)) {
    const secret = answer.status < 400 ? undefined : secretIn(answer.text);
    t.ok(secret === undefined, {
      message: `The answer to ${what} shows what is inside of your program. A visitor can do nothing with it, except to look for a way in.`, cause: 'an error shows a stack trace or a file path', expected: 'a sentence', actual: secret,
      hint: 'console.error(error) for you; a sentence of your own for the visitor.', evidence: answer.evidence,
    });
  }
});

export const storesNothingOnErrors = check('nothing is stored where the answer is an error', { ...options, timeoutMs: 20_000 }, async (t) => {
  const answers = [...(await everyError(t))];
  for (const method of ['PUT', 'PATCH']) answers.push({ what: method, answer: await ask(t, method, '', { body: { message: t.random.words(2) } }) });
  answers.push({ what: 'a good message and a wrong value', answer: await post(t, { message: t.random.words(2), value: 'abc' }) });
  const refused = answers.filter(({ answer }) => answer.status >= 400);
  const stored = await logs(t).count();
  t.ok(stored <= answers.length - refused.length, {
    message: `${refused.length} requests were answered with an error, and ${stored} logs are stored. Whoever gets an error sends the request again.`, cause: 'an error is answered, and something stored', expected: 'no log', actual: `${stored} logs`,
    hint: 'First look at the input, then store.', evidence: t.tap.evidence(t.tap.writes()),
  });
});
