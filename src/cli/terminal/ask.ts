import { createInterface } from 'node:readline';
import { UserError, exitCodes } from '../../errors.ts';
import type { Cli } from '../context.ts';
import { wrap } from './table.ts';

/** The person pressed Ctrl-C or closed the input at a question. */
export class Interrupted extends UserError {
  constructor() {
    super('Stopped.', { exitCode: exitCodes.interrupted });
  }
}

/** What Inquirer puts before and behind a question for yes or no: `? … (Y/n) `. It breaks lines within words, and does not indent the second one. */
const around = 9;

/** Asks for yes or no. Never called without a terminal. */
export async function askYesNo(cli: Cli, question: string, preset: boolean): Promise<boolean> {
  if (cli.terminal.accessible) {
    for (;;) {
      const answer = (await askText(cli, wrap(`${question} Type yes or no, then Enter. Default ${preset ? 'yes' : 'no'}:`, cli.terminal.width - 1))).trim().toLowerCase();
      if (answer === '') return preset;
      if (/^(?:y|yes|n|no)$/.test(answer)) return answer.startsWith('y');
      refuse(cli, answer);
    }
  }
  const { default: inquirer } = await import('inquirer');
  const message = wrap(question, cli.terminal.width - around).replaceAll('\n', '\n  ');
  const { yes } = await prompt(() => inquirer.prompt<{ yes: boolean }>([{ type: 'confirm', name: 'yes', message, default: preset }]));
  return yes;
}

/** Says why it asks again. */
function refuse(cli: Cli, answer: string): void {
  cli.terminal.print(answer === '' ? 'There was no answer.' : `"${answer}" is none of the answers.`);
}

export interface Choice<T> {
  name: string;
  value: T;
}

/** Asks for one of several; numbered where plain output is wanted. */
export async function askOne<T extends string>(cli: Cli, question: string, choices: readonly Choice<T>[]): Promise<T> {
  if (cli.terminal.accessible) {
    const { width } = cli.terminal;
    cli.terminal.print(wrap(question, width));
    choices.forEach((choice, index) => cli.terminal.print(wrap(`  ${index + 1}. ${choice.name}`, width)));
    for (;;) {
      const answer = (await askText(cli, `Type a number from 1 to ${choices.length}, then Enter:`)).trim();
      const choice = choices[Number(answer) - 1];
      if (choice) return choice.value;
      refuse(cli, answer);
    }
  }
  const { default: inquirer } = await import('inquirer');
  const { width } = cli.terminal;
  const message = wrap(question, width - 2);
  const laid = choices.map(({ name, value }) => {
    const lines = wrap(name, width - 4).replaceAll('\n', '\n  ');
    return { name: lines, value, short: message.length + name.length + 3 > width || lines !== name ? `\n  ${lines}` : name };
  });
  const { chosen } = await prompt(() => inquirer.prompt<{ chosen: string }>([{ type: 'select', name: 'chosen', message, choices: laid, pageSize: 14, loop: false }]));
  return chosen as T;
}

/** Waits for Enter. */
export async function askEnter(cli: Cli, question: string): Promise<void> {
  await askText(cli, wrap(question, cli.terminal.width - 1));
}

async function prompt<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Interrupted();
    throw error;
  }
}

/** Asks for a line. Where plain output is wanted, it is left to the terminal itself: no cursor is moved. */
export function askText(cli: Cli, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout, signal: cli.signal, ...(cli.terminal.accessible ? { terminal: false } : {}) });
    lines.on('SIGINT', () => {
      lines.close();
      process.stdout.write('\n');
      reject(new Interrupted());
    });
    let answered = false;
    lines.on('close', () => {
      if (!answered) reject(new Interrupted());
    });
    lines.question(`${question.trimEnd()} `, (answer) => {
      answered = true;
      lines.close();
      resolve(answer);
    });
  });
}
