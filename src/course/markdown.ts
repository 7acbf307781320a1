/** A lesson's page: the YAML between its first two `---` lines, and what follows. */
export interface Page {
  /** Undefined where the page does not begin with front matter. */
  frontMatter: string | undefined;
  body: string;
  /** Line of the file, from 1, on which the front matter's YAML begins. */
  frontMatterLine: number;
}

/** Takes a Markdown page apart. */
export function splitPage(text: string): Page {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text);
  if (!match || match.index !== 0) return { frontMatter: undefined, body: text, frontMatterLine: 1 };
  return { frontMatter: match[1] as string, body: text.slice(match[0].length), frontMatterLine: 2 };
}

/**
 * A heading's slug, as GitHub makes it: formatting gone, lower case, punctuation dropped, spaces to hyphens.
 * The second heading of a name gets `-1`; see `headingsOf`.
 */
export function slugOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(^|\W)_([^_]+)_(?=\W|$)/g, '$1$2')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

export interface Heading {
  /** As links name it: repeated names are numbered. */
  slug: string;
  /** 1 for `#`. */
  level: number;
  /** Of the body, from 0. */
  line: number;
}

/** A page's headings in their order; what looks like one inside a code block is none. */
export function headingsOf(body: string): Heading[] {
  const headings: Heading[] = [];
  const seen = new Map<string, number>();
  let fence: string | undefined;
  for (const [line, text] of body.split(/\r?\n/).entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(text);
    if (!heading) continue;
    const slug = slugOf(heading[2] as string);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    headings.push({ slug: times === 0 ? slug : `${slug}-${times}`, level: (heading[1] as string).length, line });
  }
  return headings;
}
