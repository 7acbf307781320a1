import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Place } from './place.ts';

/** What stands in for fastdl.mongodb.org. */
interface Mirror {
  env: Record<string, string>;
  asked: string[];
  answer: { status: number; archive?: Buffer; checksum?: string; slowly?: boolean };
}

let place: Place;
let server: Server;
let mirror: Mirror;
beforeEach(async () => {
  place = new Place();
  const asked: string[] = [];
  mirror = { env: {}, asked, answer: { status: 403 } };
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { status, archive, checksum, slowly } = mirror.answer;
    const body = request.url?.endsWith('.md5') ? Buffer.from(`${checksum ?? createHash('md5').update(archive ?? '').digest('hex')}  mongodb.tgz\n`) : (archive ?? Buffer.from('no'));
    response.writeHead(status, { 'content-length': body.length });
    if (!slowly) return response.end(body);
    response.write(body.subarray(0, body.length / 2));
    setTimeout(() => response.end(body.subarray(body.length / 2)), 300);
  });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  mirror.env = { MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, MONGOMS_USE_HTTP: '1', MONGOMS_MAX_RETRIES: '1' };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  place.dispose();
});

const cache = (): string[] => {
  const folder = place.path('.home', '.cache', 'mongodb-binaries');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

/** A program that says its version, as large as the smallest that mongodb-memory-server believes, packed as MongoDB does. */
function archive(version: string): Buffer {
  const bin = place.path('.tmp-archive', version, 'mongodb', 'bin');
  mkdirSync(bin, { recursive: true });
  const noise = Buffer.from(Array.from({ length: 1024 * 1024 + 10 }, (_, index) => 97 + ((index * 7919 + (index >> 7)) % 26)));
  writeFileSync(`${bin}/mongod`, Buffer.concat([Buffer.from(`#!/bin/sh\necho "db version v${version}"\nexit 0\n#`), noise]));
  chmodSync(`${bin}/mongod`, 0o755);
  const file = place.path('.tmp-archive', `${version}.tgz`);
  execFileSync('tar', ['czf', file, '-C', place.path('.tmp-archive', version), 'mongodb']);
  return readFileSync(file);
}

describe.skipIf(process.platform === 'win32')('setup', () => {
  test('downloads a server, says where it is, and the next time downloads nothing', async () => {
    mirror.answer = { status: 200, archive: archive('8.2.6') };
    const first = await place.run(['setup'], { env: mirror.env });
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toMatch(/^Downloading MongoDB 8\.2\.6 from http:\/\/127\.0\.0\.1:\d+\/\S+\.tgz$/m);
    expect(first.stdout).toMatch(/^✔ MongoDB 8\.2\.6 is at .*\/\.cache\/mongodb-binaries\/mongod-\S+-8\.2\.6\nIt says: db version v8\.2\.6$/m);
    expect(`${first.stdout}${first.stderr}`).not.toContain('mb /');
    expect(cache()).toHaveLength(2);
    expect(mirror.asked).toHaveLength(2);
    const again = await place.run(['setup'], { env: mirror.env });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/There is a mongod already, from the cache of mongodb-memory-server: .*8\.2\.6\nIt says: db version v8\.2\.6/);
    expect(mirror.asked).toHaveLength(2);
    expect((await place.run(['doctor'])).stdout).toMatch(/mongod +\/.*8\.2\.6/);
    // Where --force finds nothing better, the one that was there stays.
    mirror.answer = { status: 200, archive: Buffer.alloc(9000, 7) };
    expect((await place.run(['setup', '--force'], { env: mirror.env })).code).toBe(3);
    expect((await place.run(['setup'], { env: mirror.env })).stdout).toContain('db version v8.2.6');
    mirror.answer = { status: 200, archive: archive('8.2.7') };
    expect((await place.run(['setup', '--force'], { env: mirror.env })).stdout).toContain('db version v8.2.7');
    expect(cache()).toHaveLength(2);
  });

  test('a mongod that is named, or on PATH, is enough', async () => {
    const folder = place.path('tools');
    mkdirSync(folder);
    writeFileSync(`${folder}/mongod`, '#!/bin/sh\necho "db version v8.0.1"\n', { mode: 0o755 });
    const named = await place.run(['setup'], { env: { ...mirror.env, MONGOMS_SYSTEM_BINARY: `${folder}/mongod` } });
    expect(named).toMatchObject({ code: 0, stderr: '' });
    expect(named.stdout).toContain(`from MONGOMS_SYSTEM_BINARY: ${folder}/mongod\nIt says: db version v8.0.1`);
    const onPath = await place.run(['setup'], { env: { ...mirror.env, PATH: `${folder}:${process.env.PATH}` } });
    expect(onPath.stdout).toContain(`from PATH: ${folder}/mongod`);
    const broken = await place.run(['setup'], { env: { ...mirror.env, MONGOMS_SYSTEM_BINARY: `${folder}/none` } });
    expect(broken).toMatchObject({ code: 3 });
    expect(broken.stderr).toContain('It does not run');
    expect(mirror.asked).toEqual([]);
  });

  test.each([
    ['a server that refuses', { status: 403 }, /answered 403.*bin\/mongod/s],
    ['a page in place of the archive', { status: 200, archive: Buffer.from('<html>Please log in</html>') }, /is damaged, and was removed/],
    ['an archive that is not the one that was published', { status: 200, archive: Buffer.alloc(9000, 7), checksum: 'd41d8cd98f00b204e9800998ecf8427e' }, /is damaged, and was removed/],
  ])('%s: exit code 3, the way out, and nothing left behind', async (_name, answer, said) => {
    mirror.answer = answer;
    const ended = await place.run(['setup'], { env: mirror.env });
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).toContain('You need none');
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(cache().filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  test('no network: exit code 3, and what to do', async () => {
    server.close();
    server.closeAllConnections();
    const ended = await place.run(['setup'], { env: mirror.env });
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(/The network refuses: 127\.0\.0\.1:\d+ can't be reached, the connection was refused\.\n.*HTTPS_PROXY/);
  });

  test('nothing but setup downloads: --engine mongod points to it', async () => {
    await place.workbook({ '00-hello': 'solutions/00-hello' });
    const ended = await place.run(['check', '00', '--engine', 'mongod'], { cwd: 'wb', env: mirror.env });
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stderr).toContain('npx mongo-course setup');
    expect(mirror.asked).toEqual([]);
  });

  test('a bar is drawn on a terminal, and none with ACCESSIBLE=1', async () => {
    mirror.answer = { status: 200, archive: archive('8.2.6'), slowly: true };
    const drawn = place.terminal(['setup'], { env: mirror.env });
    expect(await drawn.ended).toBe(0);
    expect(drawn.raw).toMatch(/\r\u001B\[K\[#+-+\] \d+ %, \d+\.\d of \d+\.\d MB/);
    const plain = place.terminal(['setup', '--force'], { env: { ...mirror.env, ACCESSIBLE: '1' } });
    expect(await plain.ended).toBe(0);
    expect(plain.screen).toContain('Done: MongoDB 8.2.6 is at');
    expect(plain.raw).not.toMatch(/\u001B\[K|\[#/);
  });
});
