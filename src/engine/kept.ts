import { startFront } from '../wire/front.ts';
import { startEngineKind } from './index.ts';
import { loadSnapshot, takeSnapshot } from './snapshot.ts';

/** An embedded engine that listens, and whose data can be kept. */
export interface KeptEngine {
  /** `mongodb://127.0.0.1:PORT/` */
  readonly uri: string;
  readonly version: string;
  /** All it holds now. */
  snapshot(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts an embedded engine with what a snapshot holds. */
export async function startKeptEngine(options: { snapshot?: Buffer | undefined; port?: number } = {}): Promise<KeptEngine> {
  const engine = await startEngineKind('embedded', {});
  try {
    if (options.snapshot) await loadSnapshot(engine.backend, options.snapshot);
    const front = await startFront({ backend: engine.backend, port: options.port ?? 0 });
    return {
      uri: `mongodb://127.0.0.1:${front.port}/`, version: engine.version,
      snapshot: async () => (await takeSnapshot(engine.backend)).snapshot,
      async stop() {
        await front.close();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
