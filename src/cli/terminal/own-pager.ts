import { displayWidth } from '../../display-width.ts';
import type { Cli } from '../context.ts';
import { askText } from './ask.ts';

/** Shows a text a screen at a time, where no pager is to be had: Windows brings none, and neither do small containers. */
export async function pageByPage(cli: Cli, text: string): Promise<void> {
  const { stdout } = cli.terminal;
  const lines = text.replace(/\n$/, '').split('\n');
  let at = 0;
  for (;;) {
    const end = endOfScreen(lines, at, { columns: stdout.columns ?? 80, rows: (stdout.rows ?? 24) - 1 });
    for (const line of lines.slice(at, end)) cli.terminal.print(line);
    if (end >= lines.length) return;
    at = end;
    const answer = await ask(cli, Math.floor((end / lines.length) * 100));
    if (answer === 'q') return;
    if (!answer.startsWith('/')) continue;
    const wanted = answer.slice(1).toLowerCase();
    const found = lines.findIndex((line, index) => index >= at && line.toLowerCase().includes(wanted));
    if (found === -1) cli.terminal.print(`"${answer.slice(1)}" does not come again.`);
    else at = found;
  }
}

async function ask(cli: Cli, percent: number): Promise<string> {
  return (await askText(cli, cli.terminal.color.dim(`${percent} %  Enter: go on, /word: search, q: end`))).trim();
}

/** The index behind the last line that fits; lines that the terminal wraps take several rows. */
function endOfScreen(lines: readonly string[], from: number, { columns, rows }: { columns: number; rows: number }): number {
  let left = rows;
  let end = from;
  for (const line of lines.slice(from)) {
    left -= Math.max(1, Math.ceil(displayWidth(line) / columns));
    if (left < 0 && end > from) break;
    end++;
  }
  return end;
}
