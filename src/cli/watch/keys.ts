/** A key by its name, or the character it types, in lower case. */
export type Key = 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end' | 'escape' | 'enter' | 'ctrl-c' | 'ctrl-z' | (string & {});

const names: Record<string, Key> = {
  '\u001b[A': 'up', '\u001bOA': 'up', '\u001b[B': 'down', '\u001bOB': 'down',
  '\u001b[5~': 'page-up', '\u001b[6~': 'page-down', ' ': 'page-down',
  '\u001b[H': 'home', '\u001bOH': 'home', '\u001b[1~': 'home', '\u001b[F': 'end', '\u001bOF': 'end', '\u001b[4~': 'end',
  '\u001b': 'escape', '\r': 'enter', '\n': 'enter', '\u0003': 'ctrl-c', '\u0004': 'ctrl-c', '\u001a': 'ctrl-z', '\u007f': 'escape', '\b': 'escape',
};

/** The keys in what a terminal sent at once, in their order: fast fingers put several into one chunk. */
export function parseKeys(text: string): Key[] {
  const found = text.match(/\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Z]|[\s\S]/gu) ?? [];
  return found.map((one) => names[one] ?? one.toLowerCase());
}

/** The keyboard, read key by key while it is on. */
export interface Keyboard {
  on(): void;
  /** Gives the keyboard back, as it was, to whoever asks or edits next. */
  off(): void;
}

export function createKeyboard(input: NodeJS.ReadStream, onKey: (key: Key) => void): Keyboard {
  const hear = (chunk: Buffer | string): void => {
    for (const key of parseKeys(chunk.toString())) onKey(key);
  };
  return {
    on() {
      input.setRawMode(true);
      input.on('data', hear);
      input.resume();
    },
    off() {
      input.off('data', hear);
      input.setRawMode(false);
      input.pause();
    },
  };
}
