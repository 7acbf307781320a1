import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findRunning, noteRunning } from '../../../src/workbook/data.ts';

const workbook = mkdtempSync(join(tmpdir(), 'mc-running-'));
afterAll(() => rmSync(workbook, { recursive: true }));

test('a run is under way while its database answers, and not where another program has its process id by now', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const running = { pid: process.pid, uri: `mongodb://127.0.0.1:${port}/my_node_mongo_db`, url: 'http://127.0.0.1:3000/' };
  await noteRunning(workbook, '02-crud', running);
  expect(await findRunning(workbook, '02-crud')).toEqual(running);
  await new Promise((done) => server.close(done));
  expect(await findRunning(workbook, '02-crud')).toBeUndefined();
});
