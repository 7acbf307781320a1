import { describe, expect, test } from 'vitest';
import { headingsOf, slugOf, splitPage } from '../../../src/course/markdown.ts';

describe('slugs are GitHub’s', () => {
  test.each([
    ['One client', 'one-client'],
    ['`MongoClient` and `Db`', 'mongoclient-and-db'],
    ['Why? When, and where!', 'why-when-and-where'],
    ['A / B', 'a--b'],
    ['snake_case & kebab-case', 'snake_case--kebab-case'],
    ['See [the manual](https://www.mongodb.com/docs/)', 'see-the-manual'],
    ['Über Größe', 'über-größe'],
    ['1. First steps', '1-first-steps'],
    ['_Really_ **bold**', 'really-bold'],
  ])('%s', (heading, slug) => {
    expect(slugOf(heading)).toBe(slug);
  });

  test('repeated headings are numbered, and code is not read', () => {
    const body = '# Top\n\n## Again\n\n```sh\n# no heading\n```\n\n## Again ##\n\n~~~\n## neither\n```\n~~~\n### `x`\n#nothing\n';
    expect(headingsOf(body).map(({ slug }) => slug)).toEqual(['top', 'again', 'again-1', 'x']);
    expect(headingsOf(body).map(({ line }) => body.split('\n')[line]?.replace(/^ *(#+).*/, '$1').length)).toEqual(headingsOf(body).map(({ level }) => level));
  });
});

describe('a page', () => {
  test('is front matter and body', () => {
    expect(splitPage('---\ntitle: A\n---\n# A\n---\n')).toEqual({ frontMatter: 'title: A\n', body: '# A\n---\n', frontMatterLine: 2 });
  });

  test('may have Windows line ends and a byte order mark', () => {
    expect(splitPage('\uFEFF---\r\ntitle: A\r\n---\r\n# A\r\n')).toEqual({ frontMatter: 'title: A\r\n', body: '# A\r\n', frontMatterLine: 2 });
  });

  test('without front matter is all body', () => {
    expect(splitPage('# A\n\n---\nx\n---\n').frontMatter).toBeUndefined();
  });
});
