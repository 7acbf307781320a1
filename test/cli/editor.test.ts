import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Place, root } from './place.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Answer {
  seq: number;
  type: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

/** The server that editors ask about TypeScript, spoken to as they do: https://github.com/microsoft/TypeScript/wiki/Standalone-Server-(tsserver) */
class TsServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #seq = 0;
  #rest = Buffer.alloc(0);

  constructor(cwd: string, env: Record<string, string>) {
    const server = createRequire(import.meta.url).resolve('typescript6/lib/tsserver.js');
    this.#process = spawn(process.execPath, [server, '--disableAutomaticTypingAcquisition', '--suppressDiagnosticEvents'], { cwd, env });
    this.#process.stdout.on('data', (bytes: Buffer) => this.#read(bytes));
  }

  tell(command: string, args: object): number {
    this.#process.stdin.write(`${JSON.stringify({ seq: ++this.#seq, type: 'request', command, arguments: args })}\n`);
    return this.#seq;
  }

  async ask<T>(command: string, args: object): Promise<T> {
    const seq = this.tell(command, args);
    const answer = await new Promise<Answer>((done) => this.#waiting.set(seq, done));
    if (!answer.success) throw new Error(`tsserver refuses ${command}: ${answer.message}`);
    return answer.body as T;
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#rest.subarray(0, 60).toString());
      const size = Number(head?.[1]);
      const from = head?.[0].length ?? 0;
      if (!head || this.#rest.length < from + size) return;
      const answer = JSON.parse(this.#rest.subarray(from, from + size).toString()) as Answer;
      this.#rest = this.#rest.subarray(from + size);
      if (answer.type !== 'response' || answer.request_seq === undefined) continue;
      this.#waiting.get(answer.request_seq)?.(answer);
      this.#waiting.delete(answer.request_seq);
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.tell('exit', {});
    await ended;
  }
}

let place: Place;
let server: TsServer;
beforeAll(async () => {
  place = new Place();
  await place.workbook();
  for (const exercise of readdirSync(join(root, 'exercises'))) cpSync(join(root, 'exercises', exercise, 'starter'), place.path('wb', exercise), { recursive: true });
  server = new TsServer(place.path('wb'), place.env);
});
afterAll(async () => {
  await server.close();
  place.dispose();
});

const isCode = (file: string): boolean => /\.[jt]s$/.test(file);
const starters = readdirSync(join(root, 'exercises')).flatMap((exercise) => readdirSync(join(root, 'exercises', exercise, 'starter'), { recursive: true, encoding: 'utf8' }).filter(isCode).map((file) => `${exercise}/${file}`));

/** What an editor underlines in a file, as `line: message`. */
async function underlined(file: string, fileContent?: string): Promise<string[]> {
  server.tell('open', { file, ...(fileContent === undefined ? {} : { fileContent }) });
  const found = await Promise.all(['syntacticDiagnosticsSync', 'semanticDiagnosticsSync'].map((command) => server.ask<{ start: { line: number }; text: string }[]>(command, { file })));
  return found.flat().map(({ start, text }) => `${start.line}: ${text}`);
}

/** What an editor offers at the `|` of a text, in a file of an exercise. */
async function offered(text: string): Promise<string[]> {
  const file = place.path('wb', '01-connect', 'offered.ts');
  const at = text.indexOf('|');
  server.tell('open', { file, fileContent: text.replace('|', '') });
  const before = text.slice(0, at).split('\n');
  const { entries } = await server.ask<{ entries: { name: string }[] }>('completionInfo', { file, line: before.length, offset: (before.at(-1) as string).length + 1 });
  server.tell('close', { file });
  return entries.map(({ name }) => name);
}

test('a fresh workbook has no red line in any starter, in the project that its tsconfig.json describes', async () => {
  const all = await Promise.all(starters.map(async (file) => [file, await underlined(place.path('wb', file))] as const));
  expect(all.filter(([, lines]) => lines.length > 0)).toEqual([]);
  const { configFileName } = await server.ask<{ configFileName: string }>('projectInfo', { file: place.path('wb', starters[0] as string), needFileNameList: false });
  expect(configFileName).toBe(place.path('wb', 'tsconfig.json'));
});

test('a mistake is underlined at its line, by the types of the packages', async () => {
  const file = place.path('wb', '01-connect', 'mongo.ts');
  const text = readFileSync(file, 'utf8');
  const lines = await underlined(file, `${text}\nexport const wrong: number = new MongoClient('mongodb://x').db('y');\n`);
  expect(lines).toEqual([expect.stringMatching(new RegExp(`^${text.split('\n').length + 1}: Type 'Db' is not assignable to type 'number'`))]);
});

test('packages, their exports and their methods are offered', async () => {
  expect(await offered("import { | } from 'mongodb';\n")).toEqual(expect.arrayContaining(['MongoClient', 'ObjectId', 'MongoServerError']));
  expect(await offered("import { MongoClient } from 'mongodb';\nawait new MongoClient('').db().collection('logs').|\n")).toEqual(expect.arrayContaining(['insertOne', 'find', 'updateOne', 'deleteMany', 'aggregate']));
  expect(await offered("import x from 'mon|';\n")).toEqual(expect.arrayContaining(['mongodb', 'mongoose']));
});
