declare module 'marked-terminal' {
  import type { MarkedExtension } from 'marked';
  /** The extension that renders to a terminal: https://github.com/mikaelbr/marked-terminal */
  export function markedTerminal(options?: Record<string, unknown>, highlightOptions?: Record<string, unknown>): MarkedExtension;
}
