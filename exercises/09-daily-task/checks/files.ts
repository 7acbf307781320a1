import { check } from 'mongo-course/checker';
import { declared, jsonOf, packages, textOf } from '../declared.ts';

export const declaresItself = check('daily_task.json declares the API', { lesson: '10-daily-task-and-choosing#declaring-your-api' }, async (t) => {
  await declared(t);
});

const needs = [declaresItself];

export const dependsOnItsLibrary = check('package.json names the library of the approach', { lesson: '10-daily-task-and-choosing#declaring-your-api', needs }, async (t) => {
  const name = packages[(await declared(t)).approach];
  const { dependencies } = await jsonOf(t, 'package.json');
  t.ok(typeof dependencies === 'object' && dependencies !== null && name in dependencies, { message: `package.json does not have ${name} in its dependencies. Whoever installs your program needs it.`, cause: 'the library is no dependency', expected: `"dependencies": { "${name}": "…" }`, actual: dependencies, hint: `npm install ${name}` });
});

const topics: [string, RegExp][] = [['approach', /approach/i], ['set-up', /set-?\s?up/i], ['data', /data/i], ['view', /view/i], ['URL', /url/i], ['works', /works/i], ['challenge', /challenge/i]];

export const describesItself = check('daily_task.md has its seven sections', { lesson: '10-daily-task-and-choosing#writing-it-up', needs }, async (t) => {
  const lines = (await textOf(t, 'daily_task.md')).split(/\r?\n/);
  const headings: { title: string; body: string }[] = [];
  let fence = false;
  for (const line of lines) {
    if (/^\s*(```|~~~)/.test(line)) fence = !fence;
    const title = fence ? undefined : /^\s{0,3}#{1,6}\s+(.*)$/.exec(line)?.[1];
    if (title !== undefined) headings.push({ title, body: '' });
    else if (headings.length > 0) (headings.at(-1) as { body: string }).body += line.trim();
  }
  for (const [topic, pattern] of topics) {
    const about = headings.filter(({ title }) => pattern.test(title));
    t.ok(about.length > 0, { message: `daily_task.md has no heading that contains "${topic}".`, cause: `no heading with ${topic}`, expected: topics.map(([name]) => name), actual: headings.map(({ title }) => title) });
    t.ok(about.some(({ body }) => body !== ''), { message: `The section "${about[0]?.title}" of daily_task.md is empty.`, cause: `an empty section: ${topic}` });
  }
});
