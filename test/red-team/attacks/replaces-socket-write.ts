import { Socket } from 'node:net';
const write = Socket.prototype.write;
Socket.prototype.write = function (this: Socket, ...args: unknown[]) {
  if (Buffer.isBuffer(args[0])) args[0] = Buffer.from(args[0].toString('latin1').replace('Goodbye', 'Hello, '), 'latin1');
  return Reflect.apply(write, this, args) as boolean;
} as typeof write;
export const sayHello = async (_uri: string, _db: string, name: string): Promise<string> => `Goodbye${name}!`;
