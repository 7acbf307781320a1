import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { MongoStore } from 'connect-mongo';
import express from 'express';
import session from 'express-session';
// @ts-expect-error migrate-mongo comes without types.
import * as migrateMongo from 'migrate-mongo';
import type { Db, MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { onEngines } from './on-engines.ts';

declare module 'express-session' {
  interface SessionData {
    visits: number;
  }
}

interface MigrateMongo {
  config: { set(content: object): void };
  up(db: Db, client: MongoClient): Promise<string[]>;
  down(db: Db, client: MongoClient): Promise<string[]>;
  status(db: Db): Promise<{ fileName: string; appliedAt: string }[]>;
}

// Libraries that know nothing of this server, each doing what people use it for.
onEngines('Libraries from npm', (engine) => {
  test('a session store: sessions are kept, renewed, ended, and expire by an index', async () => {
    const db = engine.freshDb();
    const store = MongoStore.create({ client: engine.client, dbName: db.databaseName, ttl: 3600 });
    const app = express();
    app.use(session({ secret: 'for tests', resave: false, saveUninitialized: false, store }));
    app.get('/visit', (req, res) => {
      req.session.visits = (req.session.visits ?? 0) + 1;
      res.json(req.session.visits);
    });
    app.get('/leave', (req, res) => void req.session.destroy(() => res.json('gone')));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const first = await fetch(`${origin}/visit`);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await first.json()).toBe(1);
    expect(await (await fetch(`${origin}/visit`, { headers: { cookie } })).json()).toBe(2);
    expect(await (await fetch(`${origin}/visit`)).json()).toBe(1);
    const sessions = db.collection('sessions');
    expect(await sessions.countDocuments()).toBe(2);
    expect(await sessions.indexes()).toContainEqual(expect.objectContaining({ key: { expires: 1 }, expireAfterSeconds: 0 }));
    await fetch(`${origin}/leave`, { headers: { cookie } });
    expect(await sessions.countDocuments()).toBe(1);
    expect(await (await fetch(`${origin}/visit`, { headers: { cookie } })).json()).toBe(1);
  });

  test('a job queue: jobs run by priority and once, failed ones tell why, the same name is scheduled once', async () => {
    const db = engine.freshDb();
    const agenda = new Agenda({ backend: new MongoBackend({ mongo: db }), processEvery: 50 });
    const done: string[] = [];
    agenda.define('greet', (job) => Promise.resolve(void done.push((job.attrs.data as { name: string }).name)), { concurrency: 1 });
    agenda.define('break', () => Promise.reject(new Error('out of paper')));
    await agenda.start();
    onTestFinished(() => agenda.stop());
    for (const name of ['Ada', 'Ben', 'Cleo']) await agenda.now('greet', { name });
    await agenda.now('break', {});
    await agenda.every('1 hour', 'greet', { name: 'hourly' });
    await agenda.every('2 hours', 'greet', { name: 'hourly' });
    await expect.poll(() => done.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    expect(done.filter((name) => name !== 'hourly').sort()).toEqual(['Ada', 'Ben', 'Cleo']);
    const jobs = db.collection('agendaJobs');
    await expect.poll(() => jobs.findOne({ name: 'break', failReason: 'out of paper' }), { timeout: 20_000 }).toMatchObject({ failCount: 1 });
    expect(await jobs.countDocuments({ name: 'greet', repeatInterval: { $type: 'string' } })).toBe(1);
    expect(await jobs.findOne({ repeatInterval: '2 hours' })).toMatchObject({ type: 'single' });
  });

  test('a migration tool: migrations go up in order, one that fails is not noted, and the last one goes down', async () => {
    const db = engine.freshDb();
    const folder = await mkdtemp(join(tmpdir(), 'mongo-course-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const migrations: Record<string, string> = {
      '20260101000000-users.cjs': 'module.exports = { async up(db) { await db.createCollection("users", { validator: { $jsonSchema: { required: ["name"] } } }); await db.collection("users").createIndex({ name: 1 }, { unique: true }); await db.collection("users").insertMany([{ name: "ada l" }, { name: "ben k" }]); }, async down(db) { await db.collection("users").drop(); } };',
      '20260102000000-initials.cjs': 'module.exports = { async up(db) { await db.collection("users").updateMany({}, [{ $set: { initials: { $toUpper: { $reduce: { input: { $split: ["$name", " "] }, initialValue: "", in: { $concat: ["$$value", { $substrCP: ["$$this", 0, 1] }] } } } } } }]); }, async down(db) { await db.collection("users").updateMany({}, { $unset: { initials: "" } }); } };',
      '20260103000000-breaks.cjs': 'module.exports = { async up(db) { await db.collection("users").insertOne({ nick: "x" }); }, async down() {} };',
    };
    for (const [name, text] of Object.entries(migrations)) await writeFile(join(folder, name), text);
    const { config, up, down, status } = migrateMongo as MigrateMongo;
    config.set({ mongodb: { url: engine.uri, databaseName: db.databaseName }, migrationsDir: folder, changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: 0, migrationFileExtension: '.cjs', useFileHash: false, moduleSystem: 'commonjs' });
    await expect(up(db, engine.client)).rejects.toThrow(/breaks.*Document failed validation/);
    expect((await status(db)).map(({ appliedAt }) => appliedAt !== 'PENDING')).toEqual([true, true, false]);
    expect(await db.collection('users').find({}, { projection: { _id: 0 } }).sort({ name: 1 }).toArray()).toEqual([{ name: 'ada l', initials: 'AL' }, { name: 'ben k', initials: 'BK' }]);
    expect(await down(db, engine.client)).toEqual(['20260102000000-initials.cjs']);
    expect(await db.collection('users').countDocuments({ initials: { $exists: true } })).toBe(0);
    expect(await readdir(folder)).toHaveLength(3);
  });
});
