import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine, type RunningEngine } from '../../src/engine/index.ts';

describe('An engine with users', () => {
  let engine: RunningEngine;
  let root: MongoClient;
  const opened: MongoClient[] = [];
  const connect = async (login: string, options = 'authSource=admin'): Promise<MongoClient> => {
    const client = new MongoClient(`${engine.uri.replace('//', login === '' ? '//' : `//${login}@`)}?${options}`);
    opened.push(client);
    return client.connect();
  };

  beforeAll(async () => {
    engine = await startEngine({ auth: { user: 'root', password: 'pass word' } });
    root = await connect('root:pass%20word');
    await root.db('shop').command({ createUser: 'clerk', pwd: 'c', roles: ['read', { role: 'readWrite', db: 'till' }], customData: { desk: 1 } });
  });
  afterAll(async () => {
    await Promise.all(opened.map((client) => client.close()));
    await engine.stop();
  });

  test('lets nobody in who does not log in, or not with the password', async () => {
    const nobody = await connect('', '');
    expect(await nobody.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await expect(nobody.db('shop').collection('things').findOne()).rejects.toMatchObject({ code: 13, codeName: 'Unauthorized' });
    await expect(connect('root:wrong')).rejects.toMatchObject({ code: 18, codeName: 'AuthenticationFailed' });
    await expect(connect('ghost:wrong')).rejects.toMatchObject({ code: 18 });
    await expect(connect('clerk:c')).rejects.toMatchObject({ code: 18 });
  });

  test.each(['SCRAM-SHA-256', 'SCRAM-SHA-1'])('%s says who has logged in, and with which roles', async (mechanism) => {
    const client = await connect('clerk:c', `authSource=shop&authMechanism=${mechanism}`);
    expect(await client.db('shop').command({ connectionStatus: 1 })).toMatchObject({
      authInfo: { authenticatedUsers: [{ user: 'clerk', db: 'shop' }], authenticatedUserRoles: [{ role: 'read', db: 'shop' }, { role: 'readWrite', db: 'till' }] },
    });
  });

  test('roles say what may be done, and where', async () => {
    const client = await connect('clerk:c', 'authSource=shop');
    expect(await client.db('shop').collection('things').find().toArray()).toEqual([]);
    await client.db('till').collection('sales').insertOne({ n: 1 });
    await expect(client.db('shop').collection('things').insertOne({ n: 1 })).rejects.toMatchObject({ code: 13 });
    await expect(client.db('other').collection('things').findOne()).rejects.toMatchObject({ code: 13 });
    await expect(client.db('till').dropDatabase()).rejects.toMatchObject({ code: 13 });
    await expect(client.db('till').collection('sales').aggregate([{ $out: { db: 'shop', coll: 'things' } }]).toArray()).rejects.toMatchObject({ code: 13 });
    await expect(client.db('shop').command({ createUser: 'friend', pwd: 'f', roles: [] })).rejects.toMatchObject({ code: 13 });
    await root.db('shop').command({ grantRolesToUser: 'clerk', roles: ['readWrite'] });
    await client.db('shop').collection('things').insertOne({ n: 1 });
    await root.db('shop').command({ revokeRolesFromUser: 'clerk', roles: ['readWrite'] });
    await expect(client.db('shop').collection('things').insertOne({ n: 1 })).rejects.toMatchObject({ code: 13 });
  });

  test('users are shown, changed and dropped', async () => {
    const db = root.db('shop');
    expect(await db.command({ usersInfo: 'clerk' })).toMatchObject({ users: [{ _id: 'shop.clerk', user: 'clerk', db: 'shop', customData: { desk: 1 }, mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'] }] });
    await db.command({ createUser: 'temp', pwd: 'one', roles: [], mechanisms: ['SCRAM-SHA-256'] });
    const client = await connect('temp:one', 'authSource=shop');
    await db.command({ updateUser: 'temp', pwd: 'two' });
    await expect(connect('temp:one', 'authSource=shop')).rejects.toMatchObject({ code: 18 });
    await connect('temp:two', 'authSource=shop');
    await db.command({ dropUser: 'temp' });
    await expect(client.db('shop').collection('things').findOne()).rejects.toMatchObject({ code: 13 });
    expect((await db.command({ usersInfo: 1 }))['users']).toHaveLength(1);
  });

  test.each([
    [{ createUser: 'clerk', pwd: 'x', roles: [] }, 51003],
    [{ createUser: 'new', pwd: 'x', roles: ['king'] }, 31],
    [{ createUser: 'new', pwd: 'x', roles: ['root'] }, 31],
    [{ createUser: 'new', roles: [] }, 2],
    [{ createUser: 'new', pwd: 'x' }, 40414],
    [{ createUser: 'new', pwd: 'x', roles: [], mechanisms: ['PLAIN'] }, 2],
    [{ dropUser: 'ghost' }, 11],
    [{ saslStart: 1, mechanism: 'PLAIN', payload: '' }, 334],
    [{ saslContinue: 1, conversationId: 1, payload: '' }, 17],
  ])('%j is refused', async (command, code) => {
    await expect(root.db('shop').command(command)).rejects.toMatchObject({ code });
  });
});
