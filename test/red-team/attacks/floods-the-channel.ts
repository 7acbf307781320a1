import { writeSync } from 'node:fs';
writeSync(3, Buffer.alloc(1024 * 1024, 0xff));
export const sayHello = async (): Promise<string> => 'Hello!';
