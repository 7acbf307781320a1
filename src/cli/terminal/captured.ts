import { Writable } from 'node:stream';
import { Command } from 'commander';
import { isUserError } from '../../errors.ts';
import { loadRegistrant } from '../../registry.ts';
import type { Cli, CommandModule } from '../context.ts';

/**
 * Runs one of our commands, and gives what it would print, as lines: for showing it inside something else. Asks nothing,
 * and pages nothing.
 * @param args the command's name, then its arguments
 */
export async function commandLines(cli: Cli, cwd: string, args: readonly string[]): Promise<string[]> {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const write = (line = ''): void => void chunks.push(`${line}\n`);
  const { terminal } = cli;
  const program = new Command('mongo-course').exitOverride();
  const captured: Cli = {
    ...cli, cwd,
    terminal: {
      stdout: stream, stderr: stream, interactive: false, accessible: terminal.accessible, color: terminal.color, errorColor: terminal.color,
      get width() {
        return terminal.width;
      },
      print: write, note: write,
    },
  };
  const module = await loadRegistrant<CommandModule>(new URL('../commands/', import.meta.url), args[0] as string, 'command');
  module.register(program, captured);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!isUserError(error)) throw error;
    chunks.push(`${error.message}\n${error.wayOut ?? ''}`);
  }
  return chunks.join('').replace(/\n+$/, '').split('\n');
}
