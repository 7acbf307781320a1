import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSecrets } from '../../../../src/submission/pack/secrets.ts';

/** Built from parts, so that this file holds no secret that a scanner would report. */
const join = (...parts: string[]): string => parts.join('');

describe('a literal password or key is found, at its place', () => {
  test.each([
    ['a URI for Atlas', "const uri = 'mongodb+srv://ada:lovelace1815@cluster0.ab1cd.mongodb.net/?retryWrites=true';", 14],
    ['a URI with one host of several that is not local', 'mongodb://ada:lovelace@localhost:27017,db.school.edu:27017/x', 1],
    ['a URI of another store', 'postgres://ada:lovelace@db.school.edu/x', 1],
    ['a commented URI', '// mongodb://ada:lovelace@10.0.0.7.nip.io/', 4],
    ['options of MongoClient', "new MongoClient(uri, { auth: { username: 'ada', password: 'lovelace' } })", 24],
    ['options of Mongoose', "connect(uri, { user: 'ada', pass: 'lovelace' })", 16],
    ['a default', "const p = process.env.DB_PASSWORD ?? 'lovelace';", 19],
    ['a private key', join('-----BEGIN RSA ', 'PRIVATE KEY-----'), 1],
    ['a key of AWS', join('AKIA', 'ABCDEFGHIJ234567'), 1],
    ['a token of GitHub', join('ghp_', 'a'.repeat(36)), 1],
    ['a key of an API', join('sk-', 'proj-', 'a1'.repeat(16)), 1],
  ])('%s', (_name, text, column) => {
    const found = findSecrets(`first line\n${text}\n`);
    expect(found).toMatchObject([{ line: 2, column }]);
    expect(JSON.stringify(found)).not.toContain('lovelace');
  });

  test('several, in the order of the file', () => {
    const uri = 'mongodb://ada:lovelace@db.school.edu/';
    expect(findSecrets(`${uri}\n\n  ${uri}`)).toMatchObject([{ line: 1, column: 1 }, { line: 3, column: 3 }]);
  });
});

describe('what gives nobody a way in is none', () => {
  test.each([
    'mongodb://localhost:27017/', 'mongodb://root:secret99@localhost:27017/', 'mongodb://root:secret99@127.0.0.1/', 'mongodb://root:secret99@[::1]:27017/', 'mongodb://root:secret99@mongo:27017/',
    'mongodb+srv://<user>:<password>@<cluster>.mongodb.net/', 'mongodb+srv://ada:<db_password>@cluster0.ab1cd.mongodb.net/', 'mongodb+srv://ada:%3Cpassword%3E@cluster0.ab1cd.mongodb.net/',
    '`mongodb+srv://${user}:${password}@cluster0.ab1cd.mongodb.net/`', 'mongodb+srv://USER:PASSWORD@cluster0.ab1cd.mongodb.net/', 'mongodb+srv://user:password@cluster0.ab1cd.mongodb.net/',
    'mongodb+srv://ada:****@cluster0.ab1cd.mongodb.net/', 'mongodb+srv://ada:lovelace@cluster0.example.com/', 'mongodb+srv://ada:lovelace@cluster0.xxxxx.mongodb.net/',
    'http://localhost:3000/@me', 'https://example.org/a:b@c', "const p = process.env.DB_PASSWORD ?? '';", "const key = process.env.SORT_KEY ?? '_id';", "{ username: 'ada', password: 'lovelace' }", '"password": "lovelace"',
    'sk-this-is-a-long-css-class-name-of-somebody', 'auth: { username: process.env.USER, password: process.env.PASSWORD }',
  ])('%s', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

test('no file that the course gives, or takes as right, is refused', () => {
  const files = ['solutions', 'exercises'].flatMap((folder) => readdirSync(resolve(folder), { recursive: true, encoding: 'utf8' }).map((file) => resolve(folder, file)))
    .filter((file) => /\.(?:ts|js|json|md)$/.test(file) && !/[\\/]mistakes[\\/]/.test(file));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => findSecrets(readFileSync(file, 'utf8')).length > 0)).toEqual([]);
});
