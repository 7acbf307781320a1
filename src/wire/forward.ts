import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Backend } from './backend.ts';
import { Framer, ProtocolError } from './message.ts';

export interface ForwardTarget {
  host: string;
  port: number;
  tls: boolean;
}

/** A backend that is a real server: each connection has a socket of its own to it. */
export function forwardTo(target: ForwardTarget): Backend {
  return {
    connect(_, reply, end) {
      const socket: Socket = target.tls
        ? connectTls({ host: target.host, port: target.port, servername: target.host })
        : connectPlain({ host: target.host, port: target.port, noDelay: true });
      const framer = new Framer();
      socket.on('data', (chunk) => {
        try {
          for (const message of framer.push(chunk)) reply(message.bytes);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          socket.destroy();
        }
      });
      // A server that is away is a connection that ends; the client on the other side sees just that.
      socket.on('error', () => socket.destroy());
      socket.once('close', () => end());
      return {
        handle: (message) => void socket.write(message.bytes),
        close: () => void socket.destroy(),
      };
    },
  };
}
