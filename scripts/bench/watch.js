// `watch` at a terminal: from the save of a file to the verdict on the screen.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import pty from '@lydell/node-pty';
import { bin, byTurns, environment, ms, row, timeOf, units, workbookWith } from './measuring.js';

const id = '03-serializer';
const patienceMs = 60_000;

export async function measure({ work, runs }) {
  const env = { ...environment(work), TERM: 'xterm-256color' };
  delete env.CI;
  const workbook = join(work, 'watched');
  workbookWith([id], workbook, env);
  const terminal = pty.spawn(process.execPath, [bin, 'watch', id], { name: 'xterm-256color', cols: 100, rows: 60, cwd: workbook, env });
  const screen = new Screen(terminal);
  try {
    await screen.shows('save a file to check it');
    const took = await byTurns(runs, {
      M: units(env).M,
      save: async (run) => {
        // A person saves when the screen is at rest.
        await new Promise((done) => setTimeout(done, 500));
        screen.forget();
        return timeOf(async () => {
          appendFileSync(join(workbook, id, 'serializer.ts'), `// save ${run}\n`);
          await screen.shows('checking…');
          await screen.shows('checks, passed');
        });
      },
    });
    row('M: import of mongodb', ms(took.M));
    row(`watch: ${id}, from save to verdict`, ms(took.save), { ratio: took.save / took.M, unit: 'M', limit: 3 });
  } finally {
    terminal.kill('SIGKILL');
  }
}

/** What a terminal showed since it was last looked at. */
class Screen {
  #text = '';
  #changed = () => undefined;

  constructor(terminal) {
    terminal.onData((text) => {
      this.#text += text;
      this.#changed();
    });
  }

  forget() {
    this.#text = '';
  }

  async shows(words) {
    const until = Date.now() + patienceMs;
    for (;;) {
      const text = stripVTControlCharacters(this.#text);
      const at = text.indexOf(words);
      if (at !== -1) {
        this.#text = text.slice(at + words.length);
        return;
      }
      if (Date.now() > until) throw new Error(`the terminal never showed "${words}", but:\n${text}`);
      await new Promise((done) => {
        const timer = setTimeout(done, 1000);
        this.#changed = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }
}
