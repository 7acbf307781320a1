import { writeSync } from 'node:fs';
for (let id = 1; id < 50; id++) {
  const body = Buffer.from(JSON.stringify({ id, ok: true, value: 'Hello, you!' }));
  const frame = Buffer.alloc(4 + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, 4);
  writeSync(3, frame);
}
export const sayHello = async (): Promise<string> => 'Hello!';
