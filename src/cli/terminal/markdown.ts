import type { Terminal } from './terminal.ts';

/**
 * Renders Markdown for a terminal: wrapped to its width, without colour where it takes none.
 * Loads marked and its renderer, so call it only where something is to be read.
 */
export async function renderMarkdown(markdown: string, terminal: Terminal): Promise<string> {
  const [{ Marked }, { markedTerminal }] = await Promise.all([import('marked'), import('marked-terminal')]);
  const color = terminal.color;
  const plain = color.level === 0;
  const same = (text: string): string => text;
  const styles = plain
    ? Object.fromEntries(['code', 'blockquote', 'html', 'heading', 'firstHeading', 'hr', 'listitem', 'table', 'paragraph', 'strong', 'em', 'codespan', 'del', 'link', 'href'].map((name) => [name, same]))
    : { firstHeading: color.bold.underline, heading: color.bold.cyan, codespan: color.yellow, code: color.reset, blockquote: color.italic, strong: color.bold, em: color.italic, link: color.blue, href: color.blue.underline, hr: color.dim };
  const marked = new Marked();
  marked.use(
    markedTerminal(
      {
        ...styles, width: terminal.width, reflowText: true, tab: 2, showSectionPrefix: true, emoji: false, unescape: true,
        tableOptions: { wordWrap: true, style: plain ? { head: [], border: [] } : { head: ['bold'], border: ['dim'] } },
      },
      plain ? { ignoreIllegals: true, theme: {} } : { ignoreIllegals: true },
    ),
  );
  const text = await marked.parse(markdown);
  return `${text.replace(/\n{3,}/g, '\n\n').trim()}\n`;
}
