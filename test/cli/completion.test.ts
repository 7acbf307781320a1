import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import pty from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Place, root } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = new Place();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const made = await place.run(['completion', shell]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(place.path(`complete.${shell}`), made.stdout);
  }
}, 60_000);
afterAll(() => place.dispose());

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const exercises = readdirSync(`${root}/exercises`).sort();
const commands = readdirSync(`${root}/src/cli/commands`).map((name) => name.replace(/\.ts$/, ''));

/** What a shell's script prints, one line for each line that was to be completed. */
function answers(shell: string, script: string): string[] {
  const ended = spawnSync(shell, [shell === 'bash' ? '--norc' : '--no-config', '-c', script], { cwd: root, encoding: 'utf8', env: place.env });
  expect(ended.stderr).toBe('');
  return ended.stdout.trimEnd().split('\n');
}

describe.skipIf(!has('bash'))('bash', () => {
  /** Words as bash splits them: `=` stands alone. */
  const complete = (...lines: string[][]): string[] => answers('bash', [
    `source '${place.path('complete.bash')}'`,
    ...lines.map((words) => `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; COMPREPLY=(); ${words[0] === 'npx' ? '_mongo_course_npx' : '_mongo_course'}; echo "\${COMPREPLY[*]}"`),
  ].join('\n'));

  test('completes every command, and the ids that each one takes', () => {
    const [all = '', check, lesson, quiz, hint, verify, help] = complete(['mongo-course', ''], ['mongo-course', 'check', '0'], ['mongo-course', 'lesson', '02'], ['mongo-course', 'quiz', '10'], ['npx', 'mongo-course', 'hint', '03'], ['mongo-course', 'author', 'verify', '01'], ['mongo-course', 'help', 'pa']);
    expect(all.split(' ').sort()).toEqual([...commands, 'help', 'status'].sort());
    expect(check).toBe(exercises.filter((id) => id.startsWith('0')).join(' '));
    expect({ lesson, quiz, hint, verify, help }).toEqual({ lesson: '02-connecting', quiz: '10-daily-task-and-choosing', hint: '03-serializer', verify: '01-connect', help: 'pack' });
  });

  test('completes options and their values, apart or with =', () => {
    expect(complete(['mongo-course', 'check', '--en'], ['mongo-course', 'check', '--engine', ''], ['mongo-course', 'check', '--engine', '=', 'm'], ['mongo-course', 'check', '--engine', '='], ['mongo-course', 'init', '--assistants', 'a'], ['mongo-course', 'check', '--reporter', 'gr'])).toEqual([
      '--engine', 'embedded mongod', 'mongod', 'embedded mongod', 'allow', 'gradescope',
    ]);
    expect(complete(['mongo-course', 'check', '--sandbox', 'b'], ['mongo-course', 'check', '--seed', ''], ['mongo-course', 'check', '--seed', '4', '02'], ['mongo-course', 'list', '--deb'], ['mongo-course', '--debug', 'skip', '06'], ['mongo-course', '--course', 'x', 'setu'])).toEqual([
      'bwrap', '', '02-crud', '--debug', '06-odm', 'setup',
    ]);
  });

  test('knows commands within commands, files and folders, and options of one name that differ', () => {
    expect(complete(['mongo-course', 'report', 'm'], ['mongo-course', 'report', 'diff', 'CHANGE'], ['mongo-course', 'check', '--reporter', 'json', '=', 'CHANGE'], ['mongo-course', '--course', 'lesso'], ['mongo-course', 'shell', '--check', '01'], ['mongo-course', 'trace', '--check', 'x', '01'])).toEqual([
      'merge', 'CHANGELOG.md', 'CHANGELOG.md', 'lessons', '01-connect', '01-connect',
    ]);
  });

  test('leaves npx what it was for everything else', () => {
    const before = "_before() { COMPREPLY=(before); }; complete -F _before npx";
    expect(answers('bash', `${before}; source '${place.path('complete.bash')}'; source '${place.path('complete.bash')}'; COMP_WORDS=(npx vit); COMP_CWORD=1; COMPREPLY=(); _mongo_course_npx; echo "\${COMPREPLY[*]}"`)).toEqual(['before']);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  test('completes commands, ids, options, values and files', () => {
    const lines = ['mongo-course lis', 'mongo-course lesson 02', 'npx mongo-course hint 03', 'mongo-course check --engine ', 'mongo-course report merge CHANGE', 'mongo-course list --deb', 'mongo-course init CHANGE', 'mongo-course --course lesso'];
    expect(answers('fish', [`source '${place.path('complete.fish')}'`, ...lines.map((line) => `echo (complete -C '${line}' | cut -f1 | string join ' ')`)].join('\n'))).toEqual([
      'list', '02-connecting', '03-serializer', 'embedded mongod', 'CHANGELOG.md', '--debug', '', 'lessons/',
    ]);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  test('understands the script', () => {
    expect(spawnSync('zsh', ['-n', place.path('complete.zsh')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('completes where nobody switched completion on before, as on a new Mac', async () => {
    const shell = pty.spawn('zsh', ['-f', '-i'], { cols: 80, rows: 40, cwd: root, env: { ...place.env, ZDOTDIR: place.path('.home'), TERM: 'xterm', PS1: 'z> ' } });
    let shown = '';
    shell.onData((text) => (shown += text));
    shell.write(`source '${place.path('complete.zsh')}'\r`);
    shell.write('echo rea""dy\r');
    await expect.poll(() => shown, { timeout: 30_000 }).toContain('\nready');
    shell.write('npx mongo-course lesson 04\t');
    await expect.poll(() => shown, { timeout: 30_000 }).toContain('lesson 04-serializers');
    shell.kill();
    expect(shown).not.toContain('not found');
  });
});

test('a shell that is none is told which there are', async () => {
  const ended = await place.run(['completion', 'tcsh']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/bash, fish, zsh/);
});
