import type { ChalkInstance } from 'chalk';

/** Languages of code blocks that courses mostly have, by every name of theirs. To load these takes no time; all 190 of them do. */
const common: Readonly<Record<string, string>> = {
  ts: 'typescript', typescript: 'typescript', js: 'javascript', javascript: 'javascript', json: 'json', sh: 'bash', bash: 'bash', text: 'plaintext', txt: 'plaintext', plaintext: 'plaintext',
};

/** Code in colours, or as it is where the language is not known. Without a language it is guessed. */
export async function highlight(code: string, language: string | undefined, color: ChalkInstance): Promise<string> {
  const name = language === undefined ? undefined : common[language];
  const { default: highlighter } = name === undefined ? await import('highlight.js') : await import('highlight.js/lib/core.js');
  if (name !== undefined && !highlighter.getLanguage(name)) {
    highlighter.registerLanguage(name, ((await import(`highlight.js/lib/languages/${name}.js`)) as { default: Parameters<typeof highlighter.registerLanguage>[1] }).default);
  }
  if (language !== undefined && !highlighter.getLanguage(name ?? language)) return code;
  return painted(language === undefined ? highlighter.highlightAuto(code).value : highlighter.highlight(code, { language: name ?? language, ignoreIllegals: true }).value, color);
}

type Paint = (text: string) => string;

/** Colours by what a piece of code is; what is not here has none. */
function paints(color: ChalkInstance): Readonly<Record<string, Paint>> {
  return {
    keyword: color.blue, built_in: color.cyan, type: color.cyan.dim, literal: color.blue, number: color.green, regexp: color.red, string: color.red,
    class: color.blue, function: color.yellow, comment: color.green, doctag: color.green, meta: color.grey, tag: color.grey, name: color.blue, attr: color.cyan,
    emphasis: color.italic, strong: color.bold, link: color.underline, addition: color.green, deletion: color.red,
  };
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };

/** The highlighter answers in HTML: `span`s with a class, one inside the other. */
function painted(html: string, color: ChalkInstance): string {
  const paintOf = paints(color);
  const open: { paint: Paint; text: string }[] = [{ paint: (text) => text, text: '' }];
  const add = (text: string): void => {
    const last = open.at(-1);
    if (last) last.text += text;
  };
  for (const [piece, kind] of html.matchAll(/<span class="(?:hljs-)?(\w+)[^"]*">|<\/span>|[^<]+/g)) {
    if (kind !== undefined) open.push({ paint: paintOf[kind] ?? ((text) => text), text: '' });
    else if (piece !== '</span>') add(piece.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity));
    else {
      const closed = open.pop();
      if (closed) add(closed.paint(closed.text));
    }
  }
  return open.map(({ text }) => text).join('');
}
