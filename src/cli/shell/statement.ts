import { ShellSyntaxError } from './literals.ts';
import { Reader } from './reader.ts';

/** A method and what it is given: `sort({ a: 1 })`. */
export interface Call {
  name: string;
  args: unknown[];
  /** Where in the line it stands. */
  at: number;
}

/** What a line asks for. */
export type Statement =
  | { kind: 'nothing' } | { kind: 'help' } | { kind: 'exit' } | { kind: 'more' }
  | { kind: 'show'; what: 'collections' | 'databases' }
  | { kind: 'use'; database: string }
  | { kind: 'database'; calls: Call[] }
  | { kind: 'collection'; name: string; calls: Call[]; at: number };

/**
 * Reads a line of the shell.
 * @throws ShellSyntaxError
 */
export function parseStatement(line: string): Statement {
  const word = line.trim().replace(/;+$/, '').trim();
  if (word === '' || word.startsWith('//')) return { kind: 'nothing' };
  if (/^(help|\?|db\.help\(\)|help\(\))$/.test(word)) return { kind: 'help' };
  if (/^(exit|quit)(\(\))?$/.test(word)) return { kind: 'exit' };
  if (word === 'it') return { kind: 'more' };
  if (/^show\s+(collections|tables)$/.test(word)) return { kind: 'show', what: 'collections' };
  if (/^show\s+(dbs|databases)$/.test(word)) return { kind: 'show', what: 'databases' };
  const use = /^use\s+(\S+)$/.exec(word);
  if (use) return { kind: 'use', database: use[1] as string };
  return readPath(new Reader(line));
}

function readPath(reader: Reader): Statement {
  reader.skip();
  const from = reader.at;
  if (reader.name() !== 'db') throw new ShellSyntaxError('A line begins with "db.", or is one of: show collections, show dbs, use NAME, it, help, exit.', from);
  const names: { name: string; at: number }[] = [];
  let collection: { name: string; at: number } | undefined;
  const calls: Call[] = [];
  while (!reader.atEnd) {
    if (reader.take(';')) break;
    if (calls.length === 0 && reader.take('[')) {
      const at = reader.at;
      const name = reader.value();
      if (typeof name !== 'string') throw new ShellSyntaxError('A collection\'s name is a text.', at);
      reader.expect(']', 'after the name');
      names.push({ name, at });
      continue;
    }
    reader.expect('.', calls.length > 0 ? 'and a method' : 'after db');
    reader.skip();
    const at = reader.at;
    const name = reader.name();
    if (name === undefined) reader.fail('Expected a name after ".".');
    if (!reader.take('(')) {
      if (calls.length > 0) throw new ShellSyntaxError(`${name} is a method, so it needs parentheses: ${name}()`, at);
      names.push({ name, at });
      continue;
    }
    const args = reader.arguments();
    if (name === 'getCollection' && names.length === 0 && calls.length === 0) {
      if (typeof args[0] !== 'string') throw new ShellSyntaxError('getCollection takes a name: db.getCollection("logs")', at);
      names.push({ name: args[0], at });
    } else {
      calls.push({ name, args, at });
    }
  }
  if (!reader.atEnd) reader.fail('One statement a line, please.');
  if (names.length > 0) collection = { name: names.map(({ name }) => name).join('.'), at: (names[0] as { at: number }).at };
  return collection ? { kind: 'collection', ...collection, calls } : { kind: 'database', calls };
}
