import { appendFileSync, writeFileSync } from 'node:fs';
for (const path of ['{{OUTSIDE}}/written', '{{RESULTS}}', '/usr/local/bin/mongo-course-attack']) {
  try {
    writeFileSync(path, '{"submissions":[]}');
    appendFileSync(path, 'x');
    console.log(`LEAKED into ${path}`);
  } catch {
    continue;
  }
}
export const sayHello = async (): Promise<string> => 'Hello!';
