/** What bin/ loads: starts the program with what V8 made of its code before. */
import { fileURLToPath } from 'node:url';
import { KeptProgram } from './kept-code.ts';

/** Runs one command line and ends the process with its exit code. */
export function main(args: readonly string[]): Promise<void> {
  const program = new KeptProgram(fileURLToPath(new URL('./program.cjs', import.meta.url)), 'program');
  const command = args.find((word, index) => !word.startsWith('-') && args[index - 1] !== '--course') ?? '';
  process.once('exit', () => program.keep([command]));
  return (program.run((path) => import(path)).exports as { main: typeof main }).main(args);
}
