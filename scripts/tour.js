// Walks through the course as somebody does for the first time, from an empty folder to the third exercise, in a terminal
// of 80 × 24, and writes down every screen in docs/tour.md. Needs dist/, less, and a system that has /tmp.
// usage: node scripts/tour.js            writes docs/tour.md, where more has changed than times and ports
//        node scripts/tour.js --check    fails where docs/tour.md no longer tells the truth
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TourTerminal } from './tour-terminal.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs', 'tour.md');
const program = [process.execPath, join(root, 'bin', 'mongo-course.js')];
/** As long as the folder that is made, so that lines break at the same places. */
const shownFolder = '/home/ada/workbook';

const folder = realpathSync(mkdtempSync('/tmp/course-'));
const home = mkdtempSync('/tmp/mc-home-');
const terminal = new TourTerminal({
  cwd: folder,
  env: { PATH: process.env.PATH, HOME: home, XDG_STATE_HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', LESSHISTFILE: '-', PAGER: 'less' },
});

const text = [];
const say = (words) => text.push(`${words}\n`);
const show = () => {
  const picture = terminal.picture().replaceAll(folder, shownFolder);
  if (picture !== '') text.push(`\`\`\`text\n${picture}\n\`\`\`\n`);
};

const toRead = /Press Enter to read it\.$/;
const pager = /^:$|^\(END\)$/;
const yesNo = /\(Y\/n\)$/;
const choice = /^↑↓ navigate/;
const [enter, down] = ['\r', '\x1B[B'];

/**
 * Runs a command until it ends, and shows every screen.
 * @param answers what is typed at each stop, in order, and what is said of it before its picture; after the last of a kind,
 *   lessons are opened and left again and quizzes put off
 */
async function walk(command, answers = {}) {
  terminal.run(`npx mongo-course ${command}`, [...program, ...command.split(' ')]);
  const usual = [enter, 'q', 'n\r', enter];
  const left = [toRead, pager, yesNo, choice].map((_, kind) => [...(answers[['read', 'page', 'ask', 'choose'][kind]] ?? [])]);
  for (;;) {
    const kind = await terminal.stop(toRead, pager, yesNo, choice);
    if (kind === -1) break;
    const { words, keys = usual[kind] } = left[kind].shift() ?? {};
    if (words) say(words);
    show();
    for (const key of Array.isArray(keys) ? keys : [keys]) {
      terminal.type(key);
      if (key === down) await terminal.stop(choice);
    }
  }
  if (answers.end) say(answers.end);
  show();
}

const edit = (from) => cpSync(join(root, from), join(folder, from.split('/').find((part) => /^\d\d-/.test(part))), { recursive: true, filter: (file) => !file.endsWith('expect.yaml') });

async function tour() {
  say('# A first-time walk\n\nFrom an empty folder to the third exercise: everything that somebody sees in a terminal of 80 × 24. `node scripts/tour.js` takes these pictures, and a test takes them again, so that they stay true; only times, ports and seeds differ.');
  say('## An empty folder\n\nOne command is enough. It asks before it makes anything.');
  await walk('next', {
    ask: [{ keys: enter }, { words: 'Each lesson has a quiz. It is offered once, and never blocks the way.', keys: enter }],
    read: [{ words: 'Enter makes a workbook in the folder, and the first lesson waits.' }],
    page: [{ words: 'A lesson opens in the pager: Space turns the page, `/` searches, `q` ends it.' }, { words: 'Then comes the first task.' }],
    choose: [{ words: 'Arrow keys choose an answer.', keys: [down, enter] }, { words: 'Every answer is explained, right or not.', keys: enter }],
    end: 'The exercise is opened, and it is your turn.',
  });
  say('## Where am I?');
  await walk('list');
  say('## Before anything is written\n\n`next` says what it waits for. Stuck? Hints come one by one, gentle ones first.');
  await walk('next');
  await walk('hint');
  say('## The first exercise passes\n\nFive lines of `hello.ts` later:');
  edit('solutions/00-hello');
  await walk('next', { read: [{ words: 'Your code ran against a MongoDB server that was started for it. It passes, and the next lesson waits.' }], page: [{}, { words: 'The task of the second exercise:' }] });
  say('## A mistake that many make\n\n`mongo.ts` keeps its client in a variable, but only once it has connected:');
  edit('exercises/01-connect/mistakes/race-on-cold-start');
  say(`\`\`\`ts\n${/^export async function getMongoClient[\s\S]*?^}/m.exec(readFileSync(join(folder, '01-connect', 'mongo.ts'), 'utf8'))?.[0]}\n\`\`\``);
  await walk('next', { end: 'What failed comes last, with what was expected, a hint, and the section of the lesson to read on.' });
  await walk('lesson 02-connecting#twenty-calls-at-once', { page: [{ words: 'The section that it names:' }] });
  say('## Two exercises done\n\nNow the promise is kept in place of the client:');
  edit('solutions/01-connect');
  await walk('next', { page: [{}, { words: 'And the task of the third exercise.' }], end: 'From here on it goes the same way: read, write, `npx mongo-course next`.' });
}

/** What may differ from run to run. */
const varying = [
  [/\b\d+(\.\d+)? ?(ms|s|seconds)\b/g, '<duration>'], [/\b(seed) \d+/gi, '$1 <seed>'], [/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:<port>'], [/\b[0-9a-f]{24}\b/g, '<id>'],
  [/\bmc_[0-9a-f]{8}/g, 'mc_<run>'], [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'], [/[ \t]+/g, ' '],
];
const normalised = (markdown) => varying.reduce((result, [pattern, name]) => result.replace(pattern, name), markdown);

/** The first line that differs, and its neighbours. */
function difference(before, after) {
  const [old, now] = [normalised(before).split('\n'), normalised(after).split('\n')];
  const at = now.findIndex((line, index) => line !== old[index]);
  const from = at === -1 ? now.length : at;
  return `line ${from + 1}:\n${old.slice(Math.max(0, from - 2), from + 4).map((line) => `- ${line}`).join('\n')}\n${now.slice(Math.max(0, from - 2), from + 4).map((line) => `+ ${line}`).join('\n')}`;
}

try {
  await tour();
} finally {
  terminal.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
const before = readFileSync(page, { encoding: 'utf8', flag: 'a+' });
const after = text.join('\n');
if (normalised(before) === normalised(after)) console.log('docs/tour.md is as it is.');
else if (process.argv.includes('--check')) {
  console.error(`docs/tour.md is out of date, ${difference(before, after)}\nTo write it anew: node scripts/tour.js`);
  process.exitCode = 1;
} else {
  writeFileSync(page, after);
  console.log('docs/tour.md was written.');
}
process.exit();
