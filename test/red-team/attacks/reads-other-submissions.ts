import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
for (const folder of ['{{CLASS}}', '/tmp']) {
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('right.ts') || name.endsWith('hello.js')) { const path = join(folder, name); if (!path.includes(process.cwd())) console.log(`LEAKED ${path} ${readFileSync(path, 'utf8').slice(0, 20)}`); }
    }
  } catch {
    continue;
  }
}
export const sayHello = async (): Promise<string> => 'Hello!';
