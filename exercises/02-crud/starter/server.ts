import express from 'express';
import { closeMongoClient } from './mongo.ts';
import { mongoTestView } from './views.ts';

// This file is given: it maps a URL to your view, and listens. `npx mongo-course run` starts it for your browser.

const app = express();
app.disable('x-powered-by');

// Express 5 waits for the promise of a view; if it is rejected, the request is answered with 500.
app.get('/mongo-test/', (req, res) => mongoTestView(req, res));

const port = Number(process.env.PORT || 3000);
const server = app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/mongo-test/`);
});

// First no new requests, then no database: the other way round, the last requests would fail.
process.once('SIGTERM', () => {
  server.close(() => {
    closeMongoClient().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
});
