import type { Places } from '../submission/compile/places.ts';

const entities: Record<string, string> = { '&nbsp;': ' ', '&#39;': "'", '&quot;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** An answer's text as evidence shows it. Of an error page, Express's for one, that is what it says, in the learner's own lines. */
export function answerText(text: string, places: Places): string {
  const said = /^\s*<!doctype html/i.test(text) ? /<pre>(.*?)<\/pre>/is.exec(text)?.[1] : undefined;
  if (said === undefined) return text.slice(0, 500);
  const plain = said.replace(/<br\s*\/?>/gi, '\n').replace(/&(?:nbsp|#39|quot|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
  return places.stack(plain).slice(0, 500);
}
