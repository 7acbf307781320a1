import { writeSync } from 'node:fs';
import { displayWidth } from '../../display-width.ts';
import { fold } from '../terminal/fold.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { pad, progressBar, wrap } from '../terminal/table.ts';
import type { Key } from './keys.ts';

/** What stands above the text, whatever is shown. */
export interface Status {
  /** `02-crud  CRUD in a view` */
  title: string;
  /** `3 of 10 exercises passed` */
  position: string;
  done: number;
  of: number;
  state: 'checking' | 'passed' | 'failed' | 'waiting';
  /** The file that is being worked on, as a path from the workbook. */
  file: string;
}

/** Where `watch` shows things: redrawn in place on a terminal, line after line where output is plain. */
export interface Screen {
  /** Showing a text takes away the one that was shown. */
  readonly replaces: boolean;
  enter(): void;
  /** The terminal is as it was before `enter`. */
  leave(): void;
  status(status: Status): void;
  /** Shows another text, from its beginning. */
  text(lines: readonly string[]): void;
  /** One sentence, until the next key or save. */
  notice(sentence: string): void;
  /** Something still runs. */
  stillRunning(): void;
  /** True where the key moved the text. */
  scroll(key: Key): boolean;
  redraw(): void;
}

/** The keys, a word for each that fits 80 columns, and a plainer one. */
const keyHelp = [
  ['n', 'next', 'next exercise'], ['h', 'hint', 'hint'], ['t', 'task', 'task'], ['l', 'list', 'list'], ['r', 'rerun', 'check again'], ['c', 'all', 'check all'],
  ['e', 'edit', 'open in your editor'], ['d', 'trace', 'what was sent'], ['x', 'reset', 'start again'], ['q', 'quit', 'quit'],
] as const;

const words: Record<Status['state'], string> = { checking: 'checking…', passed: 'passed', failed: 'not there yet', waiting: 'save a file to check it' };

/** Redraws only the lines that changed, in one write: nothing flickers. */
export class LiveScreen implements Screen {
  readonly replaces = true;
  readonly #terminal: Terminal;
  #shown: string[] = [];
  #status: Status | undefined;
  #text: readonly string[] = [];
  /** The text as it is laid out for so many columns. */
  #laid: { columns: number; lines: readonly string[] } | undefined;
  #notice = '';
  #offset = 0;
  #paintedSize = '';
  #entered = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  enter(): void {
    this.#entered = true;
    this.#shown = [];
    // Another screen, no cursor, long lines are cut: what was on the terminal comes back when we leave.
    this.#write('\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J');
    process.on('exit', this.#leaveAtOnce);
    this.redraw();
  }

  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    process.off('exit', this.#leaveAtOnce);
    this.#write(leaving);
  }

  /** When the process crashes or exits under us, there is no later in which a stream would be flushed. */
  readonly #leaveAtOnce = (): void => {
    if (this.#entered) writeSync(1, leaving);
    this.#entered = false;
  };

  status(status: Status): void {
    this.#status = status;
    this.redraw();
  }

  text(lines: readonly string[]): void {
    this.#text = lines;
    this.#laid = undefined;
    this.#offset = 0;
    this.#notice = '';
    this.redraw();
  }

  notice(sentence: string): void {
    this.#notice = sentence;
    this.redraw();
  }

  stillRunning(): void {
    this.redraw();
  }

  scroll(key: Key): boolean {
    const page = Math.max(1, this.#room() - 1);
    const by: Record<string, number> = { up: -1, down: 1, 'page-up': -page, 'page-down': page, home: -Infinity, end: Infinity };
    const step = by[key];
    if (step === undefined) return false;
    this.#offset = Math.max(0, Math.min(this.#offset + step, this.#lines.length - this.#room()));
    this.redraw();
    return true;
  }

  redraw(): void {
    if (!this.#entered || !this.#status) return;
    const { rows } = this.#size();
    const head = this.#head(this.#status);
    const foot = this.#foot();
    const room = Math.max(0, rows - head.length - foot.length);
    this.#offset = Math.max(0, Math.min(this.#offset, this.#lines.length - room));
    const body = Array.from({ length: room }, (_, index) => this.#lines[this.#offset + index] ?? '');
    this.#paint([...head, ...body, ...foot].slice(0, rows));
  }

  #paint(lines: readonly string[]): void {
    const { columns, rows } = this.#size();
    let out = '';
    // A terminal of another size has moved what it showed.
    if (this.#paintedSize !== `${columns} ${rows}`) {
      out = '\u001b[2J';
      this.#shown = [];
      this.#paintedSize = `${columns} ${rows}`;
    }
    for (const [index, line] of lines.entries()) {
      if (this.#shown[index] === line) continue;
      // After a full line the cursor stands on its last character, which must stay.
      const rest = displayWidth(line) < columns ? '\u001b[K' : '';
      out += `\u001b[${index + 1};1H${line}\u001b[0m${rest}`;
    }
    if (lines.length < this.#shown.length) out += `\u001b[${lines.length + 1};1H\u001b[J`;
    this.#shown = [...lines];
    // Terminals that know synchronized output show all of it at once.
    if (out !== '') this.#write(`\u001b[?2026h${out}\u001b[?2026l`);
  }

  get #lines(): readonly string[] {
    const { columns } = this.#size();
    if (this.#laid?.columns !== columns) this.#laid = { columns, lines: this.#text.flatMap((line) => fold(line, columns)) };
    return this.#laid.lines;
  }

  #size(): { columns: number; rows: number } {
    const { columns, rows } = this.#terminal.stdout;
    return { columns: columns || 80, rows: rows || 24 };
  }

  #room(): number {
    return Math.max(1, this.#size().rows - 3 - this.#foot().length);
  }

  #head(status: Status): string[] {
    const { color } = this.#terminal;
    const { columns } = this.#size();
    const bar = progressBar(status.done, status.of, columns < 70 ? 10 : 20);
    const paint = { passed: color.green, failed: color.red, checking: color.yellow, waiting: color.dim }[status.state];
    const counted = ` ${status.done} of ${status.of} checks, `;
    const room = columns - bar.length - counted.length - words[status.state].length - 2;
    const wide = columns - status.position.length - 2;
    const first = wide < 30 ? color.bold(pad(status.title, columns)) : `${color.bold(pad(status.title, wide))}  ${color.dim(status.position)}`;
    return [first, `${paint(bar)}${counted}${paint(words[status.state])}${room < 8 ? '' : `  ${color.underline(cutLeft(status.file, room))}`}`, color.dim('─'.repeat(columns))];
  }

  #foot(): string[] {
    const { color } = this.#terminal;
    const { columns, rows } = this.#size();
    const keys = this.#keys();
    if (this.#notice !== '') return [...wrap(this.#notice, columns).split('\n').map((line) => color.yellow(pad(line, columns))), ...keys];
    const below = this.#lines.length - this.#offset - (rows - 3 - 1 - keys.length);
    const more = below > 0 ? ` ${below} more ${below === 1 ? 'line' : 'lines'}: space or arrow keys ` : '';
    return [color.dim(`──${more}${'─'.repeat(Math.max(0, columns - more.length - 2))}`), ...keys];
  }

  /** The keys that do something, in as many lines as they need. */
  #keys(): string[] {
    const { color } = this.#terminal;
    const { columns } = this.#size();
    const lines: string[] = [];
    let line = '';
    let used = 0;
    for (const [key, word] of keyHelp) {
      const length = key.length + word.length + 3;
      if (used + length - 2 > columns) {
        lines.push(line.trimEnd());
        [line, used] = ['', 0];
      }
      line += `${color.bold.cyan(key)} ${word}  `;
      used += length;
    }
    return [...lines, line.trimEnd()];
  }

  #write(text: string): void {
    this.#terminal.stdout.write(text);
  }
}

/** The end of a path says most. */
const cutLeft = (text: string, room: number): string => (text.length <= room ? text : `…${text.slice(text.length - room + 1)}`);

const leaving = '\u001b[?7h\u001b[?25h\u001b[?1049l';

/** For screen readers, agents, files and pipes: only ever adds lines. */
export class PlainScreen implements Screen {
  readonly replaces = false;
  readonly #terminal: Terminal;
  readonly #keys: boolean;
  #status: Status | undefined;
  #told = '';
  #entered = false;

  constructor(terminal: Terminal, keys: boolean) {
    this.#terminal = terminal;
    this.#keys = keys;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#say(this.#keys ? `Keys: ${keyHelp.map(([key, , word]) => `${key}: ${word}`).join(', ')}.` : 'Watching for saves. Ctrl-C ends it.');
  }

  leave(): void {
    // Nothing was taken over.
  }

  status(status: Status): void {
    this.#status = status;
    const told = `${status.title} ${status.state}`;
    if (told === this.#told) return;
    this.#told = told;
    const title = status.title.replace('  ', ' ');
    if (status.state === 'checking') this.#say(`Checking ${title}.`);
    else if (status.state === 'waiting') this.#say(`${title}: waiting for you to save ${status.file}. ${status.position}.`);
    else this.#say(`${title}: ${words[status.state]}, ${status.done} of ${status.of} checks pass. ${status.position}.`);
  }

  text(lines: readonly string[]): void {
    for (const line of lines) this.#terminal.print(line);
  }

  notice(sentence: string): void {
    this.#say(sentence);
  }

  stillRunning(): void {
    const { done = 0, of = 0 } = this.#status ?? {};
    this.#terminal.print(`Still checking: ${done} of ${of} checks done.`);
  }

  #say(sentence: string): void {
    this.#terminal.print(wrap(sentence, this.#terminal.width));
  }

  scroll(): boolean {
    return false;
  }

  redraw(): void {
    // What was said is said.
  }
}
