import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import { MongoServerError } from 'mongodb';
import { BadRequest, Problem } from './problems';
import * as repository from './repository';
import { deserialize, serialize, serializeMany, type LogDocument } from './serializer';
import express from 'express';

const app = express();
const path = '/api/mongo/testlogs/';

app.get(path, async (req, res, next) => {
  try {
    const { limit = '50', offset = '0', ...others } = req.query as Record<string, string>;
    void others;
    if (!/^\d{1,9}$/.test(limit) || +limit < 1) throw new BadRequest({ limit: ['1 to 100'] });
    if (!/^\d{1,9}$/.test(offset)) throw new BadRequest({ offset: ['0 or more'] });
    res.status(200).json(serializeMany((await repository.newest(+limit > 100 ? 100 : +limit, +offset)) as LogDocument[]));
  } catch (error) {
    next(error);
  }
});

app.post(path, (req, _res, next) => next(req.is('json') ? undefined : new Problem(415, { detail: 'json' })), express.raw({ type: '*/*', limit: 200_000 }), async (req, res, next) => {
  try {
    let body: unknown;
    try {
      body = JSON.parse(Buffer.from(req.body as Buffer).toString());
    } catch {
      throw new BadRequest({ non_field_errors: ['malformed'] });
    }
    const checked = deserialize(body);
    if (checked.ok === false) throw new BadRequest(checked.errors);
    res.status(201).json(serialize((await repository.add(checked.value)) as LogDocument));
  } catch (error) {
    next(error);
  }
});

app.all(path, (_req, _res, next) => next(new Problem(405, { detail: 'no' }, { allow: 'GET,POST,HEAD,OPTIONS' })));
app.use((_req, _res, next) => next(new Problem(404, { detail: 'no' })));
app.use((error: Error & { type?: string }, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
  const problem = error instanceof Problem ? error : error.type === 'entity.too.large' ? new Problem(413, { detail: 'big' }) : error.name.startsWith('Mongo') && !(error instanceof MongoServerError) ? new Problem(503, { detail: 'later' }) : new Problem(500, { detail: '?' });
  res.status(problem.status).set(problem.headers).json(problem.body);
});

// As a program, and not where a test imports it.
if (process.argv[1] === fileURLToPath(import.meta.url)) createServer(app).listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
