import { createServer } from 'node:http';

// Yours to write, with whatever you like best. This one answers that there is nothing yet.
const port = Number(process.env.PORT || 3000);

createServer((_req, res) => {
  res.writeHead(501, { 'content-type': 'application/json' }).end('{"detail":"still to be written"}');
}).listen(port, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${port}/`));
