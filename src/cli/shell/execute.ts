import type { Db, Document, MongoClient } from 'mongodb';
import { ShellSyntaxError } from './literals.ts';
import { collectionMethods, cursorEnds, cursorMethods, cursorSources, databaseMethods, type ShellCursor } from './methods.ts';
import { parseStatement, type Call } from './statement.ts';

/** What a line gave. */
export type Result =
  | { kind: 'value'; value: unknown }
  | { kind: 'lines'; lines: string[] }
  /** The next documents of a cursor. */
  | { kind: 'documents'; documents: Document[]; more: boolean }
  | { kind: 'help' } | { kind: 'nothing' } | { kind: 'exit' };

const batch = 20;

/** Runs lines against a server; remembers the database, and the cursor that `it` goes on with. */
export class Shell {
  readonly #client: MongoClient;
  #db: Db;
  #cursor: ShellCursor | undefined;

  constructor(client: MongoClient, database: string) {
    this.#client = client;
    this.#db = client.db(database);
  }

  get database(): string {
    return this.#db.databaseName;
  }

  /** @throws ShellSyntaxError, or what the driver or the server says */
  async run(line: string): Promise<Result> {
    const statement = parseStatement(line);
    switch (statement.kind) {
      case 'nothing': case 'help': case 'exit': return { kind: statement.kind };
      case 'more': return this.#cursor ? this.#batch(this.#cursor) : { kind: 'lines', lines: ['There is nothing more to show.'] };
      case 'use':
        this.#db = this.#client.db(statement.database);
        return { kind: 'lines', lines: [`switched to db ${statement.database}`] };
      case 'show': return { kind: 'lines', lines: statement.what === 'collections' ? await this.collections() : await this.#databases() };
      case 'database': return this.#onDatabase(statement.calls);
      case 'collection': return this.#onCollection(statement.name, statement.calls, statement.at);
    }
  }

  async collections(): Promise<string[]> {
    const all = await this.#db.listCollections({}, { nameOnly: true }).toArray();
    return all.map(({ name }) => name).filter((name) => !name.startsWith('system.')).sort();
  }

  async #databases(): Promise<string[]> {
    return (await this.#client.db('admin').admin().listDatabases({ nameOnly: true })).databases.map(({ name }) => name);
  }

  async #onDatabase(calls: readonly Call[]): Promise<Result> {
    const [call, more] = calls;
    if (!call) return { kind: 'value', value: this.database };
    if (more) throw new ShellSyntaxError(`Nothing follows db.${call.name}(…).`, more.at);
    const method = pick(databaseMethods, call, 'db has');
    return { kind: 'value', value: await method(this.#db, call.args.map(plain)) };
  }

  async #onCollection(name: string, calls: readonly Call[], at: number): Promise<Result> {
    const [first, ...rest] = calls;
    if (!first) throw new ShellSyntaxError(`What about ${name}? Look into it with: db.${name}.find()`, at);
    const collection = this.#db.collection(name);
    if (!Object.hasOwn(cursorSources, first.name)) {
      const method = pick(collectionMethods, first, 'A collection has', Object.keys(cursorSources));
      if (rest[0]) throw new ShellSyntaxError(`Nothing follows ${first.name}(…); sort, limit and the like follow find(…).`, rest[0].at);
      return { kind: 'value', value: await method(collection, first.args.map(plain)) };
    }
    const cursor = pick(cursorSources, first, '')(collection, first.args.map(plain));
    for (const [index, call] of rest.entries()) {
      if (Object.hasOwn(cursorEnds, call.name)) {
        const after = rest[index + 1];
        if (after) throw new ShellSyntaxError(`Nothing follows ${call.name}(…).`, after.at);
        return { kind: 'value', value: await pick(cursorEnds, call, '')(cursor, call.args.map(plain)) };
      }
      pick(cursorMethods, call, 'A cursor has', Object.keys(cursorEnds))(cursor, call.args.map(plain));
    }
    await this.#cursor?.close();
    return this.#batch(cursor);
  }

  async #batch(cursor: ShellCursor): Promise<Result> {
    const documents: Document[] = [];
    while (documents.length < batch && (await cursor.hasNext())) documents.push((await cursor.next()) as Document);
    const more = documents.length === batch && (await cursor.hasNext());
    this.#cursor = more ? cursor : undefined;
    if (!more) await cursor.close();
    return { kind: 'documents', documents, more };
  }
}

/** @throws ShellSyntaxError naming the method that was meant, or all there are */
function pick<T>(methods: Record<string, T>, call: Call, owner: string, further: readonly string[] = []): T {
  const method = Object.hasOwn(methods, call.name) ? methods[call.name] : undefined;
  if (method) return method;
  const names = [...further, ...Object.keys(methods)];
  const near = names.find((name) => name.toLowerCase() === call.name.toLowerCase()) ?? names.find((name) => distance(name, call.name) <= 2);
  throw new ShellSyntaxError(`There is no method ${call.name} here. ${near ? `Did you mean ${near}?` : `${owner}: ${names.join(', ')}.`}`, call.at);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] as number;
}

/** Fields as an object, which is what the driver looks into; a map stays one where an object would lose the order. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const fields = [...(value as Map<string, unknown>)].map(([name, item]) => [name, plain(item)] as const);
  return fields.some(([name]) => /^\d+$/.test(name)) ? new Map(fields) : Object.fromEntries(fields);
}
