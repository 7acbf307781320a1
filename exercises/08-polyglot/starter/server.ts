import express from 'express';
import { openStores } from './stores.ts';

const app = express();
app.disable('x-powered-by');
app.use(express.json());

// POST /posts
// GET /feed
// POST /posts/:id/logs
// DELETE /posts/:id
app.use((_req, res) => {
  res.status(501).json({ error: 'still to be written' });
});

const port = Number(process.env.PORT || 3000);
await openStores();
app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}/feed`);
});
