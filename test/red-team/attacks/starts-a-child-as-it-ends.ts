import { spawn } from 'node:child_process';
process.on('exit', () => void spawn('sleep', ['997'], { detached: true, stdio: 'ignore' }).unref());
export const sayHello = async (): Promise<string> => {
  process.exit(0);
};
