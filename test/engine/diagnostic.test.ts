import { calculateObjectSize } from 'bson';
import { expect, test } from 'vitest';
import { onEngines } from './on-engines.ts';

onEngines('Commands that tell of the server', (engine) => {
  const admin = () => engine.client.db('admin');

  test('dataSize counts the bytes of documents, all or those between two keys', async () => {
    const db = engine.freshDb();
    const documents = Array.from({ length: 10 }, (_, n) => ({ _id: n, n, text: 'x'.repeat(n) }));
    await db.collection<{ _id: number }>('things').insertMany(documents);
    await db.collection('things').createIndex({ n: 1 });
    const dataSize = `${db.databaseName}.things`;
    const sizeOf = (from: number, to: number): number => documents.slice(from, to).reduce((sum, doc) => sum + calculateObjectSize(doc), 0);
    expect(await db.command({ dataSize })).toMatchObject({ estimate: false, size: sizeOf(0, 10), numObjects: 10, ok: 1 });
    expect(await db.command({ dataSize, keyPattern: { n: 1 }, min: { n: 2 }, max: { n: 5 } })).toMatchObject({ size: sizeOf(2, 5), numObjects: 3 });
    expect(await db.command({ dataSize, min: { _id: 8 }, max: { _id: 99 } })).toMatchObject({ numObjects: 2 });
    expect(await db.command({ dataSize, keyPattern: { n: 1 }, min: { n: 5 }, max: { n: 2 } })).toMatchObject({ size: 0, numObjects: 0 });
    expect(await db.command({ dataSize: `${db.databaseName}.nothing` })).toMatchObject({ size: 0, numObjects: 0 });
    await expect(db.command({ dataSize, keyPattern: { n: 1 }, min: { n: 5 } })).rejects.toMatchObject({ code: 2 });
    await expect(db.command({ dataSize, min: { text: 'a' }, max: { text: 'b' } })).rejects.toMatchObject({ code: 96 });
    await expect(db.command({ dataSize: 'things' })).rejects.toMatchObject({ code: 73 });
    await expect(db.command({ dataSize: 5 })).rejects.toMatchObject({ code: 14 });
    await db.createCollection('seen', { viewOn: 'things', pipeline: [] });
    await expect(db.command({ dataSize: `${db.databaseName}.seen` })).rejects.toMatchObject({ code: 166 });
  });

  test('listCommands names what there is, and what of it the stable API has', async () => {
    const { commands } = await admin().command({ listCommands: 1 }) as unknown as { commands: Record<string, { apiVersions: string[]; adminOnly: boolean; help: string }> };
    expect(commands['find']).toMatchObject({ apiVersions: ['1'], adminOnly: false, requiresAuth: true, secondaryOk: expect.any(Boolean) as unknown, help: expect.any(String) as unknown });
    expect(commands['validate']).toMatchObject({ apiVersions: [] });
    expect(commands['setParameter']).toMatchObject({ adminOnly: true });
  });

  test('connectionStatus shows privileges where that is asked for as a command is', async () => {
    expect(await admin().command({ connectionStatus: 1 })).toMatchObject({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } });
    expect((await admin().command({ connectionStatus: 1, showPrivileges: 1 }))['authInfo']).toHaveProperty('authenticatedUserPrivileges');
    await expect(admin().command({ connectionStatus: 1, showPrivileges: 'yes' })).rejects.toMatchObject({ code: 14 });
  });

  test('serverStatus leaves out what it is told to, and counts collections', async () => {
    const db = engine.freshDb();
    const before = await admin().command({ serverStatus: 1 });
    await db.createCollection('things');
    await db.createCollection('log', { capped: true, size: 4096 });
    await db.createCollection('seen', { viewOn: 'things', pipeline: [] });
    const after = await admin().command({ serverStatus: 1, opcounters: 0, metrics: false });
    for (const kind of ['collections', 'capped', 'views']) expect(after['catalogStats'][kind], kind).toBeGreaterThan(0);
    for (const section of ['opcounters', 'metrics']) {
      expect(before).toHaveProperty(section);
      expect(after).not.toHaveProperty(section);
    }
    expect(after['connections'].totalCreated).toBeGreaterThan(0);
    for (const count of ['bytesIn', 'bytesOut', 'numRequests']) expect(after['network'][count], count).toBeGreaterThan(before['network'][count] as number);
  });

  test('connPoolStats counts connections to other servers', async () => {
    expect(await admin().command({ connPoolStats: 1 })).toMatchObject({ totalInUse: expect.any(Number) as unknown, totalCreated: expect.any(Number) as unknown, pools: {}, hosts: {} });
  });

  test('dbStats shows free storage where that is asked for; hello and hostInfo read what they are given', async () => {
    const db = engine.freshDb();
    expect(await db.command({ dbStats: 1 })).not.toHaveProperty('freeStorageSize');
    expect(await db.command({ dbStats: 1, freeStorage: 1 })).toMatchObject({ freeStorageSize: expect.any(Number) as unknown, totalFreeStorageSize: expect.any(Number) as unknown });
    await expect(db.command({ dbStats: 1, freeStorage: 'x' })).rejects.toMatchObject({ code: 14 });
    await expect(db.command({ hello: 1, saslSupportedMechs: 'nobody' })).rejects.toMatchObject({ code: 2 });
    await expect(db.command({ hello: 1, saslSupportedMechs: 5 })).rejects.toMatchObject({ code: 14 });
    expect((await db.command({ hostInfo: 1 }))['system'].memSizeMB).toBeGreaterThan(0);
  });
});
