import { startFront } from '../wire/front.ts';
import type { Engine } from './engine.ts';

/** An engine that listens on 127.0.0.1. */
export interface Listening {
  /** `mongodb://127.0.0.1:PORT/`, for any driver. */
  readonly uri: string;
  readonly port: number;
  /** Closes its connections and stops the engine. */
  stop(): Promise<void>;
}

/**
 * Makes an engine listen on a port; 0 is one that is free.
 * @param prepare is run before it listens; where it or the port fails, the engine is stopped
 */
export async function listen(engine: Engine, port = 0, prepare?: () => Promise<void>): Promise<Listening> {
  try {
    await prepare?.();
    const front = await startFront({ backend: engine.backend, port });
    return {
      uri: `mongodb://127.0.0.1:${front.port}/`, port: front.port,
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
