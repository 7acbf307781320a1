import { appendFileSync } from 'node:fs';
export const sayHello = async (): Promise<string> => {
  for (let count = 0; count < 40; count++) appendFileSync('big', Buffer.alloc(1024 * 1024));
  console.log('LEAKED 40 MiB into a file');
  return 'Hello!';
};
