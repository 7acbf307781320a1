import { spawnSync } from 'node:child_process';
const { status } = spawnSync('unshare', ['-Ur', 'true'], { stdio: 'ignore' });
if (status === 0) console.log('LEAKED a user namespace of its own');
export const sayHello = async (): Promise<string> => 'Hello!';
