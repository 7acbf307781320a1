import type { Backend } from '../../wire/backend.ts';
import { loadRegistry } from '../../registry.ts';
import { Client } from './client.ts';
import type { CommandDefinition } from './command.ts';
import { loadAccumulators } from './accumulator.ts';
import { mechanisms } from './auth/credentials.ts';
import { loadWindows } from './window.ts';
import { loadExpressions } from './expression.ts';
import { loadStages } from './pipeline.ts';
import { Server, serverVersion } from './server-state.ts';
import { startTtl } from './ttl.ts';

/** A MongoDB server inside this process, without a socket: `wire/front.ts` gives it one. */
export interface EmbeddedEngine {
  readonly version: string;
  readonly backend: Backend;
  /** Lets go of all that waits, and of all data. Idempotent. */
  stop(): Promise<void>;
}

let commands: Promise<ReadonlyMap<string, CommandDefinition>> | undefined;

/** All commands, by each of their names. */
function loadCommands(): Promise<ReadonlyMap<string, CommandDefinition>> {
  commands ??= loadRegistry<CommandDefinition>(new URL('./commands/', import.meta.url), 'command').then((files) => {
    const byName = new Map<string, CommandDefinition>();
    for (const [name, definition] of files) for (const known of [name, ...(definition.aliases ?? [])]) byName.set(known, definition);
    return byName;
  });
  return commands;
}

export interface EmbeddedOptions {
  replset?: boolean;
  maxBytes?: number | undefined;
  /** Access is controlled; this user of `admin` may do anything, others are made by `createUser`. */
  auth?: { user: string; password: string } | undefined;
}

/** Makes a server with nothing stored. */
export async function createEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
  const [known] = await Promise.all([loadCommands(), loadExpressions(), loadStages(), loadAccumulators(), loadWindows()]);
  const server = new Server(known, { replset: options.replset ?? false, maxBytes: options.maxBytes });
  if (options.auth) {
    server.users.add('admin', options.auth.user, options.auth.password, { roles: [{ role: 'root', db: 'admin' }], mechanisms });
    server.accessControl = true;
  }
  startTtl(server);
  return {
    version: serverVersion,
    backend: {
      connect(info, reply, end) {
        const client = new Client(server, info, reply, end);
        server.clients.add(client);
        server.connections++;
        return client;
      },
    },
    stop() {
      server.stopping.abort();
      return Promise.resolve();
    },
  };
}
