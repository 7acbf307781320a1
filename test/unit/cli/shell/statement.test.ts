import { Decimal128, Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { ShellSyntaxError } from '../../../../src/cli/shell/literals.ts';
import { parseStatement } from '../../../../src/cli/shell/statement.ts';

const argument = (text: string): unknown => {
  const statement = parseStatement(`db.a.find(${text})`);
  return statement.kind === 'collection' ? statement.calls[0]?.args[0] : statement;
};
const refused = (line: string): ShellSyntaxError => {
  try {
    parseStatement(line);
  } catch (error) {
    if (error instanceof ShellSyntaxError) return error;
  }
  throw new Error(`${line} was not refused`);
};

describe('a line of the shell', () => {
  it('is a collection and what follows it', () => {
    expect(parseStatement('db.test_data.find({}).sort({ a: -1 }).limit(5);')).toMatchObject({
      kind: 'collection', name: 'test_data', calls: [{ name: 'find', args: [new Map()] }, { name: 'sort', args: [new Map([['a', -1]])] }, { name: 'limit', args: [5] }],
    });
  });

  it('may name a collection in every way', () => {
    for (const line of ['db.a.b.find()', 'db["a.b"].find()', 'db.getCollection("a.b").find()', " db . a . b .\n find ( ) "]) {
      expect(parseStatement(line)).toMatchObject({ kind: 'collection', name: 'a.b', calls: [{ name: 'find', args: [] }] });
    }
  });

  it('may be a word', () => {
    expect(parseStatement('show collections')).toEqual({ kind: 'show', what: 'collections' });
    expect(parseStatement('show dbs;')).toEqual({ kind: 'show', what: 'databases' });
    expect(parseStatement('use other')).toEqual({ kind: 'use', database: 'other' });
    expect(parseStatement('exit')).toEqual({ kind: 'exit' });
    expect(parseStatement('quit()')).toEqual({ kind: 'exit' });
    expect(parseStatement(' ')).toEqual({ kind: 'nothing' });
    expect(parseStatement('it')).toEqual({ kind: 'more' });
  });

  it('takes values as JavaScript writes them', () => {
    expect(argument('{ a: 1, "b c": \'x\', $or: [{ d: null }, { e: true },], f: -1.5e3, }')).toEqual(
      new Map<string, unknown>([['a', 1], ['b c', 'x'], ['$or', [new Map([['d', null]]), new Map([['e', true]])]], ['f', -1500]]),
    );
    expect(argument('{ 10: 1, 2: 2 }')).toEqual(new Map([['10', 1], ['2', 2]]));
    expect(argument('"a\\n\\u00e9\\x41\\"\\u{1F600}"')).toBe('a\néA"😀');
    expect(argument('/^a[/]b\\/c/i')).toEqual(/^a[/]b\/c/i);
    expect(argument('`two\nlines`')).toBe('two\nlines');
    expect(argument('0x1F')).toBe(31);
  });

  it('takes the values of MongoDB', () => {
    expect(argument('ObjectId("65a1b2c3d4e5f60718293a4b")')).toEqual(new ObjectId('65a1b2c3d4e5f60718293a4b'));
    expect(argument('new ObjectId("65a1b2c3d4e5f60718293a4b")')).toEqual(new ObjectId('65a1b2c3d4e5f60718293a4b'));
    expect(argument('ISODate("2025-01-31T12:00:00Z")')).toEqual(new Date('2025-01-31T12:00:00Z'));
    expect(argument('new Date(0)')).toEqual(new Date(0));
    expect(argument('NumberLong("9007199254740993")')).toEqual(Long.fromString('9007199254740993'));
    expect(argument('NumberDecimal("1.10")')).toEqual(Decimal128.fromString('1.10'));
  });

  it('says where it went wrong', () => {
    expect(refused('db.a.find({ a: })')).toMatchObject({ at: 15, unfinished: false });
    expect(refused('db.a.find({ a: hello })').message).toContain('"hello"');
    expect(refused('db.a.find({ a: ObjectId("x") })').message).toContain('24 hexadecimal digits');
    expect(refused('db.a.find() db.b.find()').unfinished).toBe(false);
    expect(refused('find({})').message).toContain('db.');
    expect(refused('db.a.find().limit')).toMatchObject({ message: expect.stringContaining('limit()') as string });
  });

  it('may go on in the next line where it is not finished', () => {
    for (const line of ['db.a.find({', 'db.a.find({ a: 1,', 'db.a.find(', 'db.a.', 'db.a.find({ a: [1']) expect(refused(line).unfinished).toBe(true);
    for (const line of ['db.a.find({ a: "x', 'db.a.find({}}']) expect(refused(line).unfinished).toBe(false);
  });

  it('is never run as code', () => {
    for (const line of ['db.a.find({ a: process.exit() })', 'db.a.find((() => 1)())', 'db.a.find({ a: 1 + 1 })', 'db.a.find({ ...x })', 'db.a.find({ a: `${1}` })', 'db.a.find({ a: constructor("x") })', 'process.exit()']) {
      expect(refused(line)).toBeInstanceOf(ShellSyntaxError);
    }
  });
});
