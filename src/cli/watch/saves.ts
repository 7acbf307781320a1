import { createHash } from 'node:crypto';
import { watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesOf } from '../../workbook/exercises.ts';

export interface SavesOptions {
  workbook: string;
  /** Exercises whose folders are watched, where they are there. */
  exercises: () => readonly string[];
  onSave: (exercise: string, file: string | undefined) => void;
  onError: (error: unknown) => void;
  /** How often it looks by itself: where no events arrive (network drives, WSL mounts, containers), that is all there is. */
  pollMs?: number;
}

/** An editor saves in steps (truncate and write, write and rename): look when it is quiet. */
const quietMs = 25;

/** Watches for saves, by events and by looking now and then; a save is told once, however it was noticed. */
export class Saves {
  readonly #options: SavesOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #known = new Map<string, string>();
  #quiet: NodeJS.Timeout | undefined;
  readonly #poll: NodeJS.Timeout;
  #looking = false;
  #again = false;
  #closed = false;

  /** Resolves once it knows how the files are now. */
  static async start(options: SavesOptions): Promise<Saves> {
    const saves = new Saves(options);
    saves.#known = await saves.#read();
    return saves;
  }

  private constructor(options: SavesOptions) {
    this.#options = options;
    this.#poll = setInterval(() => void this.#look(), options.pollMs ?? 700);
  }

  /** Takes the files as they are now for known: what we wrote ourselves is no save. */
  async settle(): Promise<void> {
    this.#known = await this.#read();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#quiet);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  readonly #heard = (): void => {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => void this.#look(), quietMs);
  };

  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    try {
      do {
        this.#again = false;
        const now = await this.#read();
        const before = this.#known;
        this.#known = now;
        if (!this.#closed) this.#tell(before, now);
      } while (this.#again && !this.#closed);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#looking = false;
    }
  }

  #tell(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): void {
    for (const exercise of this.#options.exercises()) {
      const own = (path: string): boolean => path.startsWith(`${exercise}/`);
      const changed = [...now].filter(([path, mark]) => own(path) && before.get(path) !== mark).map(([path]) => path);
      const gone = [...before.keys()].some((path) => own(path) && !now.has(path));
      if (changed.length > 0 || gone) this.#options.onSave(exercise, changed.at(-1)?.slice(exercise.length + 1));
    }
  }

  /** Every source file with a mark that changes when it is saved, even with the same contents. */
  async #read(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const folders = new Set<string>();
    for (const exercise of this.#options.exercises()) {
      const folder = join(this.#options.workbook, exercise);
      folders.add(folder);
      for (const file of await filesOf(folder)) {
        const path = join(folder, file);
        folders.add(dirname(path));
        const mark = isSource(file) ? await markOf(path) : undefined;
        if (mark !== undefined) found.set(`${exercise}/${file}`, mark);
      }
    }
    if (!this.#closed) await this.#listen(folders);
    return found;
  }

  async #listen(folders: ReadonlySet<string>): Promise<void> {
    const wanted = new Map<string, string>();
    for (const folder of folders) {
      const state = await stat(folder, { bigint: true }).catch(missing);
      // A folder that was made anew under its old name needs a new watcher.
      if (state?.isDirectory()) wanted.set(`${folder}\0${state.ino}`, folder);
    }
    for (const [key, watcher] of this.#watchers) {
      if (wanted.has(key)) continue;
      watcher.close();
      this.#watchers.delete(key);
    }
    for (const [key, folder] of wanted) {
      if (this.#watchers.has(key) || this.#closed) continue;
      try {
        const watcher = watch(folder, this.#heard);
        watcher.on('error', () => {
          watcher.close();
          this.#watchers.delete(key);
        });
        this.#watchers.set(key, watcher);
      } catch (error) {
        // No events to be had here (too many watchers, a network drive): looking now and then does it.
        if (!['ENOSPC', 'EMFILE', 'ENOSYS', 'ENOENT', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }
}

/** What editors leave lying about while they write is no source. */
function isSource(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return !name.startsWith('.') && !/(~|\.sw[a-z]|\.tmp|\.bak|___jb_tmp___|___jb_old___)$/.test(name) && name !== '4913';
}

const mostBytes = 1024 * 1024;

async function markOf(path: string): Promise<string | undefined> {
  const state = await stat(path, { bigint: true }).catch(missing);
  if (!state) return undefined;
  if (state.size > mostBytes) return `${state.mtimeNs} ${state.size}`;
  const bytes = await readFile(path).catch(missing);
  return bytes && `${state.mtimeNs} ${createHash('sha1').update(bytes).digest('base64')}`;
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EBUSY'].includes(error.code ?? '')) return undefined;
  throw error;
}
