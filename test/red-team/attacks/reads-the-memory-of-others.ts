import { openSync, readFileSync } from 'node:fs';
for (const pid of [process.ppid, 1]) {
  try {
    openSync(`/proc/${pid}/mem`, 'r');
    console.log(`LEAKED memory of ${readFileSync(`/proc/${pid}/cmdline`, 'latin1')}`);
  } catch {
    continue;
  }
}
export const sayHello = async (): Promise<string> => 'Hello!';
