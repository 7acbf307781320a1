import { SourceMap, type SourceMapPayload } from 'node:module';
import { posix } from 'node:path';

/** Turns places in compiled files into places in the learner's own. */
export interface Places {
  /** A stack with the learner's lines: `at insertLog (views.ts:12:9)`; frames of Node and of packages left out. */
  stack(text: string): string;
  /** The first place in the learner's files that a stack names. */
  first(text: string): string | undefined;
}

/**
 * @param folder where the compiled files run, which stacks name
 * @param maps source maps by compiled file
 */
export function createPlaces(folder: string, maps: ReadonlyMap<string, Uint8Array>): Places {
  const parsed = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!parsed.has(file)) {
      const bytes = maps.get(`${file}.map`);
      parsed.set(file, bytes && new SourceMap(JSON.parse(Buffer.from(bytes).toString()) as SourceMapPayload));
    }
    return parsed.get(file);
  };
  const pattern = new RegExp(`(?:file://)?${folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[^/\\\\]*[/\\\\]([^:()\\s]+):(\\d+):(\\d+)`);
  const mapped = (line: string): string | undefined => {
    const match = pattern.exec(line);
    if (!match) return undefined;
    const [whole, file = '', row, column] = match;
    const entry = mapOf(file)?.findEntry(Number(row) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry) || !entry.originalSource) return undefined;
    // The probe is compiled with the submission from a file outside its folder; what is not of a file has a prefix.
    const own = posix.join(posix.dirname(file), entry.originalSource);
    if (own.startsWith('../') || /^[\w-]+:/.test(entry.originalSource)) return undefined;
    return line.replace(whole, `${own}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
  };
  return {
    stack: (text) =>
      text.split('\n').flatMap((line, index) => {
        if (!/^\s+at /.test(line)) return index < 20 ? [line] : [];
        const own = mapped(line);
        return own ? [own] : [];
      }).join('\n'),
    first: (text) => {
      for (const line of text.split('\n')) {
        const place = /([^\s()]+:\d+:\d+)\)?$/.exec(mapped(line) ?? '')?.[1];
        if (place) return place;
      }
      return undefined;
    },
  };
}
