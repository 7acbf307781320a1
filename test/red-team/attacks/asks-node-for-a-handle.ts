import { writeSync } from 'node:fs';
for (const fd of [3, 4, 5]) {
  try {
    writeSync(fd, '{"cmd":"NODE_HANDLE","type":"net.Server","msg":{}}\n');
  } catch {
    continue;
  }
}
export const sayHello = async (): Promise<string> => 'Hello!';
