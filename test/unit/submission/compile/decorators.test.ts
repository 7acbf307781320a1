import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { courseRoot } from '../../../../src/course/load.ts';
import { compileSubmission } from '../../../../src/submission/compile/compile.ts';

async function compile(source: string) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mongo-course-test-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFile(join(root, 'entities.ts'), source);
  return { root, ...(await compileSubmission({ root, entries: ['entities.ts'], courseRoot: courseRoot() })) };
}

const source = `const seen: unknown[] = [];
const column = () => (target: object, key: string): void => {
  seen.push([key, Reflect.getMetadata('design:type', target, key)]);
};
const entity = (target: { name: string }): void => void seen.push(target.name);
@entity
export class Row { @column() title!: string;
  @column()
  created_at!: Date;
  unset?: string;
}
export const fields = Object.keys(new Row());
export { seen };
export const fails = (): never => { throw new Error('here'); };
`;

test('decorators of a submission see the types of properties and the name of the class, and leave unset fields out', async () => {
  const { root, outputs, errors } = await compile(source);
  expect(errors).toEqual([]);
  await mkdir(join(root, 'out'));
  await writeFile(join(root, 'out/package.json'), '{"type":"module"}');
  await writeFile(join(root, 'out/entities.js'), outputs.get('entities.js') as Uint8Array);
  await import('reflect-metadata');
  const module = (await import(pathToFileURL(join(root, 'out/entities.js')).href)) as { seen: unknown[]; fields: string[] };
  expect(module.seen).toEqual([['title', String], ['created_at', Date], 'Row']);
  expect(module.fields).toEqual([]);
});

test('places in a file with decorators are those of the learner', async () => {
  const { outputs } = await compile(source);
  const text = Buffer.from(outputs.get('entities.js') as Uint8Array).toString().split('\n');
  const line = text.findIndex((one) => one.includes('new Error("here")'));
  const map = new SourceMap(JSON.parse(Buffer.from(outputs.get('entities.js.map') as Uint8Array).toString()) as SourceMapPayload);
  expect(map.findEntry(line, (text[line] as string).indexOf('new Error'))).toMatchObject({ originalSource: expect.stringMatching(/entities\.ts$/), originalLine: 13 });
});

test('a file with decorators that does not parse is told by line', async () => {
  const { errors } = await compile(`@entity()\nclass Row {\n  title = ;\n}\n`);
  expect(errors[0]).toMatchObject({ at: expect.stringMatching(/^entities\.ts:3:/) });
});
