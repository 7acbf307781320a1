import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../../display-width.ts';
import type { RendererObject, Tokens } from 'marked';
import { pad, wrap } from './table.ts';
import type { Terminal } from './terminal.ts';

/**
 * Renders Markdown for a terminal: wrapped to its width, without colour where it takes none.
 * Loads marked and its renderer, so call it only where something is to be read.
 * @param lesson the lesson that it is of: what a link to a section of the same page means
 */
export async function renderMarkdown(markdown: string, terminal: Terminal, lesson?: string): Promise<string> {
  const [{ Marked }, { markedTerminal }] = await Promise.all([import('marked'), import('marked-terminal')]);
  const { color } = terminal;
  const plain = color.level === 0;
  const same = (text: string): string => text;
  const styles = plain
    ? Object.fromEntries(['code', 'blockquote', 'html', 'heading', 'firstHeading', 'hr', 'listitem', 'table', 'paragraph', 'strong', 'em', 'codespan', 'del', 'link', 'href'].map((name) => [name, name === 'codespan' ? (text: string) => `\`${text}\`` : same]))
    : { firstHeading: color.bold.underline, heading: color.bold.cyan, codespan: color.yellow, code: color.reset, strong: color.bold, em: color.italic, link: color.blue, href: color.blue.underline, hr: color.dim };
  const marked = new Marked();
  const highlighting = plain ? { ignoreIllegals: true, theme: {} } : { ignoreIllegals: true };
  marked.use(markedTerminal({ ...styles, width: terminal.width, reflowText: false, tab: 2, showSectionPrefix: plain, emoji: false, unescape: true }, highlighting));
  // marked-terminal wraps paragraphs only, leaves emphasis in list items alone, and knows nothing of a table's width.
  marked.use({ renderer: layout(terminal, lesson) });
  const rendered = await marked.parse(markdown);
  // The highlighter of code has colours of its own, whatever it is told.
  const text = plain ? stripVTControlCharacters(rendered) : rendered;
  return `${text.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').replaceAll(unbroken, ' ').trim()}\n`;
}

/** Stands for a space within a command, so that no line ends there: of a private range, which no page uses. */
const unbroken = '\uE000';

/** Lays blocks out by display width; blocks inside others get what is left of it. */
function layout(terminal: Terminal, lesson: string | undefined): RendererObject {
  let width = terminal.width;
  const inside = <T>(columns: number, work: () => T): T => {
    width -= columns;
    try {
      return work();
    } finally {
      width += columns;
    }
  };
  const { color, accessible } = terminal;
  return {
    text(token) {
      // The text of a list item; a list of its own may follow it.
      return 'tokens' in token && token.tokens ? `${this.parser.parseInline(token.tokens)}\n` : false;
    },
    link(token) {
      const command = lessonCommand(token.href, lesson);
      return command === undefined ? false : `${this.parser.parseInline(token.tokens)} (${color.blue(command.replaceAll(' ', unbroken))})`;
    },
    paragraph(token) {
      const text = this.parser.parseInline(token.tokens).replaceAll('*#COLON|*', ':');
      return `${wrap(text.replace(/\n/g, ' '), width)}\n\n`;
    },
    code(token) {
      if (token.lang && token.lang !== 'text') return false;
      // A picture: guessing its language would colour it at random.
      const lines = token.text.split('\n');
      const widest = Math.max(...lines.map((line) => displayWidth(line)));
      const hint = widest > width && !accessible ? [color.dim(wrap(`(Made for ${widest} columns: a wider window shows it whole.)`, width)), ''] : [];
      const indent = ' '.repeat(widest > width ? 2 : Math.min(2, width - widest));
      return `${[...hint, ...lines.map((line) => indent + line)].join('\n')}\n\n`;
    },
    blockquote(token) {
      const body = inside(2, () => this.parser.parse(token.tokens)).trim();
      const bar = accessible ? '  ' : color.dim('│ ');
      return `${body.split('\n').map((line) => bar + line).join('\n')}\n\n`;
    },
    list(token) {
      const items = token.items.map((item, index) => {
        const marker = token.ordered ? `${Number(token.start || 1) + index}. ` : accessible ? '- ' : '• ';
        return inside(marker.length, () => listItem(item, marker, width, (tokens) => this.parser.parse(tokens)));
      });
      return `${items.join(token.loose ? '\n\n' : '\n')}\n\n`;
    },
    table(token) {
      const cells = [token.header, ...token.rows].map((row) => row.map((cell) => this.parser.parseInline(cell.tokens).replaceAll('*#COLON|*', ':')));
      return `${table(cells, width, color.bold)}\n\n`;
    },
  };
}

/** What to type for a link that leads to a lesson; undefined for any other. */
function lessonCommand(href: string, lesson: string | undefined): string | undefined {
  const [, file, section = ''] = /^(?:(?:\.{1,2}\/)?(?:lessons\/)?(\d\d-[\w-]+)\.md)?(#\S+)?$/.exec(href) ?? [];
  const id = file ?? (section === '' ? undefined : lesson);
  return id === undefined ? undefined : `npx mongo-course lesson ${id.slice(0, 2)}${section}`;
}

function listItem(item: Tokens.ListItem, marker: string, width: number, render: (tokens: Tokens.ListItem['tokens']) => string): string {
  const lines = render(item.tokens).replaceAll('*#COLON|*', ':').trim().split('\n');
  // Indented lines are code, or lists of their own, and laid out already.
  const wrapped = lines.flatMap((line) => (/^(\s|[•-] |\d+\. )/.test(line) || displayWidth(line) <= width ? [line] : wrap(line, width).split('\n')));
  return wrapped.map((line, index) => (index === 0 ? marker : ' '.repeat(marker.length)) + line).join('\n').trimEnd();
}

/** A table without lines but one below its head; cells are wrapped so that all of it fits. */
function table(rows: readonly string[][], width: number, bold: (text: string) => string): string {
  const columns = rows[0]?.length ?? 0;
  const natural = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  const widths = fit(natural, width - 2 * (columns - 1));
  const lines = rows.flatMap((row, index) => {
    const cells = row.map((cell, column) => wrap(cell, widths[column] as number).split('\n'));
    const height = Math.max(...cells.map((cell) => cell.length));
    const laid = Array.from({ length: height }, (_, line) => cells.map((cell, column) => pad(cell[line] ?? '', widths[column] as number)).join('  ').trimEnd());
    return index === 0 ? [...laid.map((line) => bold(line)), widths.map((columnWidth) => '─'.repeat(columnWidth)).join('  ')] : laid;
  });
  return lines.join('\n');
}

/** Takes columns from the widest until the sum fits; none gets narrower than eight. */
function fit(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  while (widths.reduce((sum, one) => sum + one, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] as number) <= 8) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  return widths;
}
