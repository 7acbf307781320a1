import { startEngineKind } from './index.ts';
import { listen, type Listening } from './listening.ts';
import { loadSnapshot, takeSnapshot } from './snapshot.ts';

/** An embedded engine that listens, and whose data can be kept. */
export interface KeptEngine extends Listening {
  readonly version: string;
  /** All it holds now. */
  snapshot(): Promise<Buffer>;
}

/** Starts an embedded engine with what a snapshot holds. */
export async function startKeptEngine(options: { snapshot?: Buffer | undefined; port?: number } = {}): Promise<KeptEngine> {
  const engine = await startEngineKind('embedded', {});
  const { snapshot } = options;
  const listening = await listen(engine, options.port, () => (snapshot ? loadSnapshot(engine.backend, snapshot) : Promise.resolve()));
  return { ...listening, version: engine.version, snapshot: async () => (await takeSnapshot(engine.backend)).snapshot };
}
