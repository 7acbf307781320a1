import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fenced block of a lesson. */
export interface Block {
  language: string;
  /** Line of the lesson, from 1, on which its first line stands. */
  line: number;
  lines: string[];
}

/** The fenced blocks of a Markdown page, in their order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^```(\w*)\s*$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      blocks.push(open);
      open = undefined;
    } else open = { language: fence[1] as string, line: index + 2, lines: [] };
  }
  if (open) throw new Error(`the block that begins on line ${open.line} has no end`);
  return blocks;
}

/**
 * The files that a lesson's `ts` blocks stand for, every line where the lesson has it.
 * A first line `// name.ts` names the file, which other blocks may import; `// …` goes on in the file of the block before;
 * any other block is a file of its own.
 */
export function filesOf(blocks: readonly Block[]): Map<string, string> {
  const files = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const block of blocks.filter((one) => one.language === 'ts')) {
    const first = block.lines[0] ?? '';
    if (!first.startsWith('// …')) {
      const name = /^\/\/ (\S+\.ts)$/.exec(first)?.[1] ?? `line-${block.line}.ts`;
      if (files.has(name)) throw new Error(`two blocks are ${name}, the second on line ${block.line}`);
      current = [];
      files.set(name, current);
    } else if (!current) throw new Error(`nothing goes before the block on line ${block.line}`);
    const file = current as string[];
    while (file.length < block.line - 1) file.push('');
    file.push(...block.lines);
  }
  return new Map([...files].map(([name, lines]) => [name, `${lines.join('\n')}\nexport {};\n`]));
}

/**
 * Type-checks lessons' code as strictly as a workbook's, all of it in one run of the compiler.
 * @returns its messages by lesson: `name.ts(LINE,COLUMN): error …`, where LINE is the lesson's
 */
export async function typeErrors(root: string, lessons: ReadonlyMap<string, ReadonlyMap<string, string>>): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'mongo-course-lessons-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: {
        target: 'es2023', lib: ['es2023'], types: ['node'], module: 'nodenext', strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true,
        noEmit: true, allowImportingTsExtensions: true, experimentalDecorators: true, emitDecoratorMetadata: true, useDefineForClassFields: false,
      },
      include: ['*/*.ts'],
    }));
    for (const [lesson, files] of lessons) {
      await mkdir(join(folder, lesson));
      // What exercise 01 asks for is what later lessons import.
      await cp(join(root, 'solutions/01-connect/mongo.ts'), join(folder, lesson, 'mongo.ts'));
      for (const [name, text] of files) await writeFile(join(folder, lesson, name), text);
    }
    const output = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', '-p', folder], folder);
    const found = new Map<string, string[]>();
    // A message's further lines are indented.
    for (const line of output.split(/\r?\n(?!\s)/).filter((one) => one !== '')) {
      const [lesson, message] = /^([^/\\(]+)[/\\](.*)$/s.exec(line)?.slice(1) ?? ['', line];
      found.set(lesson as string, [...(found.get(lesson as string) ?? []), message as string]);
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  let output = '';
  for await (const chunk of child.stdout) output += chunk as string;
  return output;
}
