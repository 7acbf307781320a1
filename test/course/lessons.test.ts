import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { courseRoot } from '../../src/course/load.ts';
import { headingsOf, splitPage } from '../../src/course/markdown.ts';
import { brokenLink, validateCourse } from '../../src/course/validate.ts';
import { blocksOf, filesOf, typeErrors } from './lesson-blocks.ts';

const root = courseRoot();
const course = await validateCourse(root);
const pages = new Map(await Promise.all(course.lessons.map(async (lesson) => [lesson.id, await readFile(join(root, lesson.path), 'utf8')] as const)));
const pageOf = (id: string): string => pages.get(id) as string;
const widest = 76;

let errors: Map<string, string[]>;

beforeAll(async () => {
  errors = await typeErrors(root, new Map([...pages].map(([id, page]) => [id, filesOf(blocksOf(page))])));
}, 300_000);

test('the compiler complains about nothing but lessons', () => {
  expect([...errors.keys()].filter((id) => !pages.has(id))).toEqual([]);
});

test('a mistake in a lesson’s code is found, on the lesson’s line', async () => {
  const page = 'Text.\n\n```ts\nconst one: number = 1;\n```\n\n```ts\n// …\nconst two: string = one;\n```\n';
  const found = await typeErrors(root, new Map([['wrong', filesOf(blocksOf(page))]]));
  expect(found.get('wrong')).toEqual([expect.stringMatching(/^line-4\.ts\(9,7\): error TS2322/)]);
}, 300_000);

describe.each(course.lessons)('$id', (lesson) => {
  const page = pageOf(lesson.id);
  const blocks = blocksOf(page);

  test('its TypeScript is right', () => {
    expect(errors.get(lesson.id) ?? []).toEqual([]);
  });

  test('says of each block what it is', () => {
    const known = ['ts', 'json', 'yaml', 'sh', 'text'];
    expect(blocks.filter((block) => !known.includes(block.language)).map((block) => `line ${block.line}: ${block.language || 'nothing'}`)).toEqual([]);
  });

  test('its JSON and YAML can be read', () => {
    for (const block of blocks) {
      const text = block.lines.join('\n');
      if (block.language === 'json') expect(() => JSON.parse(text) as unknown, `line ${block.line}`).not.toThrow();
      if (block.language === 'yaml') expect(parseDocument(text).errors, `line ${block.line}`).toEqual([]);
    }
  });

  test('its code and pictures fit in 80 columns', () => {
    const long = blocks.flatMap((block) => block.lines.map((line, index) => ({ line: block.line + index, width: stringWidth(line) }))).filter(({ width }) => width > widest);
    expect(long).toEqual([]);
  });

  test('has a panel for who comes from Django, and ends with what to remember', () => {
    const slugs = headingsOf(splitPage(page).body).map(({ slug }) => slug);
    expect(slugs).toContain('coming-from-django');
    expect(slugs.at(-1)).toBe('what-to-remember');
  });

  test('has a quiz of four questions or more, with every right answer in no fixed place', () => {
    const questions = course.quizzes.find((quiz) => quiz.id === lesson.id)?.questions ?? [];
    expect(questions.length).toBeGreaterThanOrEqual(4);
    expect(new Set(questions.map((question) => question.answers.findIndex((answer) => answer.correct))).size).toBeGreaterThan(1);
  });

  test('its links lead somewhere', () => {
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] as string).filter((link) => !link.startsWith('https://'));
    const broken = links.map((link) => {
      const [file, section] = link.split('#');
      const target = file === '' ? lesson.id : (file as string).replace(/\.md$/, '');
      return brokenLink(course.lessons, section === undefined ? target : `${target}#${section}`);
    });
    expect(broken.filter((sentence) => sentence !== undefined)).toEqual([]);
  });
});
