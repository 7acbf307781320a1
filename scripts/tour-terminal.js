// A terminal of 80 × 24 in which commands are typed one after the other, and what it shows at each stop: a pty, and the
// emulator that VS Code's terminal is made of.
import pty from '@lydell/node-pty';
import headless from '@xterm/headless';

const [columns, rows] = [80, 24];
/** A stop is a question that waits; nothing more is drawn then. */
const quietMs = 150;
const patienceMs = 60_000;

export class TourTerminal {
  #screen = new headless.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  #options;
  #pty;
  #ended = true;
  #changedAt = 0;
  /** Whether anything was shown since keys were typed: before that, the question still stands there. */
  #heard = true;
  /** The line, counted from the first ever shown, that the next picture begins with. */
  #from = 0;

  /** @param options the folder and the environment that commands run in */
  constructor(options) {
    this.#options = options;
  }

  /** Types a command: `shown` stands at the prompt, `command` is what runs. */
  run(shown, command) {
    this.#from = this.#at();
    this.#screen.write(`$ ${shown}\r\n`);
    this.#ended = false;
    this.#pty = pty.spawn(command[0], command.slice(1), { name: 'xterm-256color', cols: columns, rows, ...this.#options });
    this.#pty.onData((text) => {
      this.#changedAt = Date.now();
      this.#heard = true;
      this.#screen.write(text);
    });
    this.#pty.onExit(() => (this.#ended = true));
  }

  type(keys) {
    this.#heard = false;
    this.#pty.write(keys);
  }

  /**
   * Waits until the last line shown is one of these, or the command has ended.
   * @returns the index of the pattern, or -1 at the end
   */
  async stop(...patterns) {
    const until = Date.now() + patienceMs;
    for (;;) {
      await new Promise((done) => setTimeout(done, 20));
      if (this.#ended && Date.now() - this.#changedAt > quietMs) return -1;
      const lines = this.#lines(this.#from);
      // Where it waits: the line of the cursor, or of the keys below a list of choices.
      const waits = [this.#line(this.#at()), lines.at(-1) ?? ''].filter((line, index) => index === 0 || line.startsWith('↑↓'));
      const found = patterns.findIndex((pattern) => waits.some((line) => pattern.test(line)));
      if (found !== -1 && this.#heard && Date.now() - this.#changedAt > quietMs) return found;
      if (Date.now() > until) throw new Error(`nothing came that was waited for (${patterns.join(', ')}); the terminal shows:\n${lines.join('\n')}`);
    }
  }

  /** What was shown since the last picture; a question that waits is seen again in the next one, with its answer. */
  picture() {
    const lines = this.#lines(this.#from);
    const question = lines.findLastIndex((line) => line.startsWith('? '));
    this.#from = question === -1 ? this.#at() : this.#from + (/^Question \d/.test(lines[question - 1] ?? '') ? question - 1 : question);
    return lines.join('\n').trim();
  }

  close() {
    if (!this.#ended) this.#pty.kill('SIGKILL');
  }

  #at() {
    const { baseY, cursorY } = this.#screen.buffer.active;
    return baseY + cursorY;
  }

  #line(at) {
    return this.#screen.buffer.active.getLine(at)?.translateToString(true).trimEnd() ?? '';
  }

  #lines(from) {
    const { active } = this.#screen.buffer;
    const lines = [];
    for (let line = from; line < active.length; line++) lines.push(this.#line(line));
    while (lines.length > 0 && lines.at(-1) === '') lines.pop();
    return lines;
  }
}
