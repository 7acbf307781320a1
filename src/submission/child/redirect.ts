import { Socket } from 'node:net';

const loopback = new Set(['localhost', '127.0.0.1', '::1', '']);

/** Leads connections to the default MongoDB port of this machine to the tap: code that falls back to the default URI meets it there. */
export function redirectDefaultPort(tapPort: number): void {
  const connect = Socket.prototype.connect;
  const toTap = (options: unknown): boolean => {
    if (typeof options !== 'object' || options === null) return false;
    const { port, host, path } = options as { port?: unknown; host?: unknown; path?: unknown };
    return Number(port) === 27017 && path === undefined && loopback.has(String(host ?? ''));
  };
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    // net.connect() passes its normalized arguments on as one array.
    const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
    const target = typeof list[0] === 'number' ? { port: list[0], host: typeof list[1] === 'string' ? list[1] : '' } : list[0];
    if (toTap(target)) {
      const options = { ...(target as object), host: '127.0.0.1', port: tapPort };
      if (list === args[0]) list[0] = options;
      else args = [options, ...args.slice(1).filter((arg) => typeof arg === 'function')];
    }
    return Reflect.apply(connect, this, args) as Socket;
  } as typeof connect;
}
