import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { Chalk, type ChalkInstance } from 'chalk';

/** A stream that text goes to, and its size where it is a terminal. */
export type TextStream = Writable & { readonly columns?: number; readonly rows?: number };

/** What the person looks at: two streams and what they can show. */
export interface Terminal {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Both ends are a terminal and nothing asked for plain output: questions may be asked. */
  readonly interactive: boolean;
  /** Append-only output, words for glyphs, numbered choices. */
  readonly accessible: boolean;
  /** Colours of stdout; level 0 where it takes none. */
  readonly color: ChalkInstance;
  /** Colours of stderr. */
  readonly errorColor: ChalkInstance;
  /** Columns to lay text out in, at most 100. */
  readonly width: number;
  /** Writes a line of data to stdout. */
  print(line?: string): void;
  /** Writes a line of progress or a note to stderr. */
  note(line?: string): void;
}

type Env = Readonly<Record<string, string | undefined>>;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';

/** How many colours a stream may be given: https://no-color.org, and chalk's own look at the terminal. */
function colorLevel(stream: NodeJS.WriteStream, env: Env, plain: boolean): 0 | 1 | 2 | 3 {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 0;
  if (isSet(env.FORCE_COLOR)) return 1;
  if (plain || !stream.isTTY) return 0;
  const depth = stream.getColorDepth?.() ?? 1;
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}

/**
 * The terminal as the environment describes it. `ACCESSIBLE`, `AI_AGENT`, `AGENT` and a dumb terminal make it plain; `CI` makes it ask nothing.
 */
export function createTerminal(options: { env: Env; accessible: boolean; stdout?: NodeJS.WriteStream; stderr?: NodeJS.WriteStream }): Terminal {
  const { env, stdout = process.stdout, stderr = process.stderr } = options;
  const agent = isSet(env.AI_AGENT) || isSet(env.AGENT);
  const accessible = options.accessible || isSet(env.ACCESSIBLE);
  // Where the cursor can't be moved, nothing is drawn anew.
  const plain = accessible || agent || env.TERM === 'dumb';
  const color = new Chalk({ level: colorLevel(stdout, env, plain) });
  const errorColor = new Chalk({ level: colorLevel(stderr, env, plain) });
  return {
    stdout, stderr, accessible: plain, color, errorColor,
    // Asked of the descriptor: `process.stdin` would make a stream that most commands never read.
    interactive: Boolean(stdout.isTTY) && isatty(0) && !isSet(env.CI) && !agent,
    get width() {
      const columns = stdout.columns ?? (Number(env.COLUMNS) || 80);
      return Math.max(30, Math.min(columns, 100));
    },
    print: (line = '') => void stdout.write(`${line}\n`),
    note: (line = '') => void stderr.write(`${line}\n`),
  };
}
