import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { writeFileAtomic } from '../../workbook/atomic.ts';
import type { Cli } from '../context.ts';
import type { Result, Shell } from './execute.ts';
import { ShellSyntaxError } from './literals.ts';
import { collectionMethods, cursorSources } from './methods.ts';
import { showValue } from './show.ts';

const mostHistory = 500;

const help = `  show collections                          what there is
  db.logs.find({ value: { $gt: 1 } })       documents; then .sort({ a: -1 }) .limit(5) .skip(5)
  db.logs.findOne({ _id: ObjectId("…") })   one document
  db.logs.insertOne({ message: "hello" })   also insertMany, updateOne, updateMany, replaceOne, deleteOne, deleteMany
  db.logs.countDocuments({})                also distinct, aggregate([…]), getIndexes, createIndex
  it                                        the next documents
  exit                                      or Ctrl-D`;

/**
 * Reads lines and answers them until the end of the input.
 * @returns how many lines were refused
 */
export async function prompt(cli: Cli, shell: Shell, workbook: string): Promise<number> {
  const { terminal } = cli;
  const historyFile = join(workbook, '.mongo-course', 'shell-history');
  const collections = await shell.collections();
  const lines = createInterface({
    input: process.stdin, ...(terminal.interactive ? { output: process.stdout } : {}), terminal: terminal.interactive && !terminal.accessible,
    history: terminal.interactive ? await readHistory(historyFile) : [], historySize: mostHistory, removeHistoryDuplicates: true, prompt: '',
    completer: (line: string) => complete(line, collections),
  });
  let history: string[] = [];
  lines.on('history', (all) => {
    history = all;
  });
  const stop = (): void => lines.close();
  cli.signal.addEventListener('abort', stop, { once: true });
  try {
    return await converse(cli, shell, lines);
  } finally {
    cli.signal.removeEventListener('abort', stop);
    lines.close();
    if (history.length > 0) await writeFileAtomic(historyFile, `${history.toReversed().join('\n')}\n`);
  }
}

async function converse(cli: Cli, shell: Shell, lines: Interface): Promise<number> {
  const { terminal } = cli;
  let pending = '';
  let refused = 0;
  const ask = (): void => {
    if (!terminal.interactive) return;
    lines.setPrompt(pending === '' ? `${shell.database}> ` : '... ');
    lines.prompt();
  };
  lines.on('SIGINT', () => {
    if (pending === '' && lines.line === '') terminal.note('\nTo leave: exit, or Ctrl-D');
    else terminal.note('');
    pending = '';
    lines.write(null, { ctrl: true, name: 'u' });
    ask();
  });
  ask();
  for await (const line of lines) {
    const whole = pending === '' ? line : `${pending}\n${line}`;
    pending = '';
    try {
      const result = await shell.run(whole);
      if (result.kind === 'exit') return refused;
      show(cli, result);
    } catch (error) {
      if (error instanceof ShellSyntaxError && error.unfinished && terminal.interactive && line.trim() !== '') {
        pending = whole;
      } else {
        refused++;
        explain(cli, whole, error);
      }
    }
    ask();
  }
  if (terminal.interactive) terminal.print();
  if (pending !== '') refused++;
  return refused;
}

function show(cli: Cli, result: Result): void {
  const { terminal } = cli;
  const { color, width } = terminal;
  if (result.kind === 'help') return terminal.print(help);
  if (result.kind === 'lines') return result.lines.forEach((line) => terminal.print(line));
  if (result.kind === 'value') return terminal.print(typeof result.value === 'string' ? result.value : showValue(result.value, width, color));
  if (result.kind !== 'documents') return;
  if (result.documents.length === 0) terminal.note('No documents.');
  for (const document of result.documents) terminal.print(showValue(document, width, color));
  if (result.more) terminal.note('Type "it" for more.');
}

/** Says what was wrong with a line, and points at it. */
function explain(cli: Cli, line: string, error: unknown): void {
  const { terminal } = cli;
  const red = terminal.errorColor.red;
  if (!(error instanceof ShellSyntaxError)) {
    const known = error as Error & { code?: unknown };
    terminal.note(`${red(known.name === 'TypeError' ? 'Error' : known.name)}${known.code === undefined ? '' : ` ${String(known.code)}`}: ${known.message}`);
    return;
  }
  const before = line.slice(0, error.at);
  const row = before.split('\n').length - 1;
  const column = before.length - (before.lastIndexOf('\n') + 1);
  const text = line.split('\n')[row] ?? '';
  if (!terminal.accessible && text.length < terminal.width) terminal.note(`  ${text}\n  ${' '.repeat(column)}${red('^')}`);
  terminal.note(error.message);
}

async function readHistory(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '').reverse().slice(0, mostHistory);
}

function complete(line: string, collections: readonly string[]): [string[], string] {
  const method = /^\s*(db\.[\w.]+\.)(\w*)$/.exec(line);
  if (method && collections.includes((method[1] as string).slice(3, -1))) {
    const names = [...Object.keys(cursorSources), ...Object.keys(collectionMethods)].filter((name) => name.startsWith(method[2] as string));
    return [names.map((name) => `${method[1]}${name}(`), line];
  }
  const all = ['show collections', 'show dbs', 'help', 'exit', ...collections.map((name) => `db.${name}.`)];
  return [all.filter((one) => one.startsWith(line)), line];
}
