import { constructors, ShellSyntaxError, words } from './literals.ts';

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };
const space = /[\s\u200b]/;
const nameStart = /[\p{L}_$]/u;
const namePart = /[\p{L}\p{N}_$]/u;

/** Reads values as JavaScript writes them, and nothing but values: nothing in a line is ever run as code. */
export class Reader {
  readonly line: string;
  at = 0;

  constructor(line: string) {
    this.line = line;
  }

  /** @throws ShellSyntaxError */
  fail(message: string, at = this.at): never {
    throw new ShellSyntaxError(message, at, at >= this.line.length);
  }

  skip(): void {
    for (;;) {
      while (this.at < this.line.length && space.test(this.line[this.at] as string)) this.at++;
      if (!this.line.startsWith('//', this.at)) return;
      const end = this.line.indexOf('\n', this.at);
      this.at = end === -1 ? this.line.length : end;
    }
  }

  get atEnd(): boolean {
    this.skip();
    return this.at >= this.line.length;
  }

  /** Takes a character, if it is next. */
  take(character: string): boolean {
    this.skip();
    if (this.line[this.at] !== character) return false;
    this.at++;
    return true;
  }

  expect(character: string, after: string): void {
    if (!this.take(character)) this.fail(`Expected "${character}" ${after}.`);
  }

  /** A name, or undefined where none is next. */
  name(): string | undefined {
    this.skip();
    if (!nameStart.test(this.line[this.at] ?? '')) return undefined;
    const from = this.at;
    while (this.at < this.line.length && namePart.test(this.line[this.at] as string)) this.at++;
    return this.line.slice(from, this.at);
  }

  /** Values up to `)`, which is taken too. */
  arguments(): unknown[] {
    const values: unknown[] = [];
    while (!this.take(')')) {
      values.push(this.value());
      if (!this.take(',')) {
        this.expect(')', 'after the arguments');
        break;
      }
    }
    return values;
  }

  value(): unknown {
    this.skip();
    const next = this.line[this.at];
    if (next === undefined) this.fail('A value is missing at the end.');
    if (next === '{') return this.#object();
    if (next === '[') return this.#array();
    if (next === '"' || next === "'" || next === '`') return this.string();
    if (next === '/') return this.#regex();
    if (/[-+.\d]/.test(next)) return this.#number();
    return this.#word();
  }

  #object(): Map<string, unknown> {
    this.at++;
    // A map, not an object: `{ b: 1, 1: 2 }` keeps its order.
    const fields = new Map<string, unknown>();
    while (!this.take('}')) {
      this.skip();
      const next = this.line[this.at];
      const name = next === '"' || next === "'" ? this.string() : (this.name() ?? this.#digits());
      if (name === undefined) this.fail(next === '.' ? '"..." can\'t be used here.' : 'Expected the name of a field, or "}".');
      this.expect(':', `after the field's name ${JSON.stringify(name)}`);
      fields.set(name, this.value());
      if (!this.take(',')) {
        this.expect('}', 'or "," after the field');
        break;
      }
    }
    return fields;
  }

  #digits(): string | undefined {
    const digits = /^\d+/.exec(this.line.slice(this.at))?.[0];
    this.at += digits?.length ?? 0;
    return digits;
  }

  #array(): unknown[] {
    this.at++;
    const items: unknown[] = [];
    while (!this.take(']')) {
      items.push(this.value());
      if (!this.take(',')) {
        this.expect(']', 'or "," after the item');
        break;
      }
    }
    return items;
  }

  string(): string {
    const from = this.at;
    const quote = this.line[this.at++];
    let text = '';
    for (;;) {
      const character = this.line[this.at++];
      if (character === undefined || (character === '\n' && quote !== '`')) throw new ShellSyntaxError(`This text has no closing ${quote}.`, from, quote === '`');
      if (character === quote) return text;
      if (quote === '`' && character === '$' && this.line[this.at] === '{') this.fail('"${…}" can\'t be used here: only values, nothing computed.');
      text += character === '\\' ? this.#escape() : character;
    }
  }

  #escape(): string {
    const character = this.line[this.at++];
    if (character === undefined) this.fail('The text ends after a "\\".');
    if (character !== 'u' && character !== 'x') return escapes[character] ?? character;
    const match = character === 'x' ? /^[0-9a-f]{2}/i.exec(this.line.slice(this.at)) : /^(?:[0-9a-f]{4}|\{[0-9a-f]{1,6}\})/i.exec(this.line.slice(this.at));
    const code = match ? Number.parseInt(match[0].replace(/[{}]/g, ''), 16) : NaN;
    if (!match || code > 0x10ffff) this.fail(`"\\${character}" needs hexadecimal digits after it.`);
    this.at += match[0].length;
    return String.fromCodePoint(code);
  }

  #regex(): RegExp {
    const from = this.at++;
    let inClass = false;
    for (; ; this.at++) {
      const character = this.line[this.at];
      if (character === undefined || character === '\n') this.fail('This pattern has no closing "/".', from);
      if (character === '\\') this.at++;
      else if (character === '[') inClass = true;
      else if (character === ']') inClass = false;
      else if (character === '/' && !inClass) break;
    }
    const source = this.line.slice(from + 1, this.at++);
    const flags = this.name() ?? '';
    try {
      return new RegExp(source, flags);
    } catch (error) {
      return this.fail(`This pattern can't be read: ${(error as Error).message}.`, from);
    }
  }

  #number(): unknown {
    const from = this.at;
    const match = /^[-+]?(?:0x[0-9a-f]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?)/i.exec(this.line.slice(this.at));
    if (!match) {
      if (/^[-+]?Infinity/.test(this.line.slice(this.at))) {
        this.at += this.line.slice(this.at).indexOf('y') + 1;
        return this.line[from] === '-' ? -Infinity : Infinity;
      }
      this.fail(`"${this.line[from]}" begins no value.`, from);
    }
    this.at += match[0].length;
    if (namePart.test(this.line[this.at] ?? '')) this.fail('This number can\'t be read.', from);
    return Number(match[0].replaceAll('_', '').replace(/^\+/, ''));
  }

  #word(): unknown {
    const from = this.at;
    let name = this.name();
    if (name === undefined) this.fail(`"${this.line[from]}" begins no value.`, from);
    if (name === 'new') name = this.name() ?? this.fail('Expected a type after "new", such as Date().');
    if (words.has(name) && name !== 'Date') return words.get(name);
    const make = Object.hasOwn(constructors, name) ? constructors[name] : undefined;
    if (!make) this.fail(`${name} is not known here. A text needs quotes: "${name}".`, from);
    this.expect('(', `after ${name}`);
    const given = this.arguments();
    try {
      return make(given);
    } catch (error) {
      return this.fail((error as Error).message, from);
    }
  }
}
