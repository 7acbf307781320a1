import type { EngineKind } from '../engine.ts';

export const kind: EngineKind = {
  summary: 'our own, in this process: starts in milliseconds, downloads nothing',
  async start({ replset = false, maxBytes, auth }) {
    const { createEmbedded } = await import('../embedded/server.ts');
    const server = await createEmbedded({ replset, maxBytes, auth });
    return { kind: 'embedded', throwaway: true, version: server.version, backend: server.backend, stop: () => server.stop() };
  },
};
