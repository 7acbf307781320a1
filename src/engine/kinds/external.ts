import { UserError } from '../../errors.ts';
import { forwardTo } from '../../wire/forward.ts';
import type { EngineKind } from '../engine.ts';
import { versionOf } from '../server-version.ts';

export const kind: EngineKind = {
  summary: 'a MongoDB server of yours, by its URI',
  async start({ uri }) {
    const target = addressOf(uri ?? '');
    const backend = forwardTo(target);
    return { kind: 'external', version: await versionOf(backend, `the server at ${target.host}:${target.port}`), backend, stop: () => Promise.resolve() };
  },
};

interface Address {
  host: string;
  port: number;
  tls: boolean;
}

/** @throws UserError where the URI asks for what forwarding cannot do */
function addressOf(uri: string): Address {
  const match = /^mongodb:\/\/([^/?]+)(?:\/[^?]*)?(?:\?(.*))?$/.exec(uri);
  if (!match) {
    throw new UserError('Only mongodb:// URIs of one server can be used to check exercises.', { wayOut: 'Give one like mongodb://127.0.0.1:27017/. Addresses of the form mongodb+srv:// are for your own code.' });
  }
  const hosts = match[1] as string;
  if (hosts.includes('@')) throw new UserError('A server that asks for a user and a password cannot be used to check exercises.', { wayOut: 'Start one without, for example in a container: docker run -p 27017:27017 mongo:8.2' });
  if (hosts.includes(',')) throw new UserError('Only one server can be named.', { wayOut: 'Give the address of the primary alone.' });
  const options = new URLSearchParams(match[2] ?? '');
  const [host = '127.0.0.1', port = '27017'] = hosts.split(/:(?=\d+$)/);
  return { host, port: Number(port), tls: options.get('tls') === 'true' || options.get('ssl') === 'true' };
}
