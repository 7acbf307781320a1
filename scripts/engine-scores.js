// Writes the table of docs/engine.md that says how many tests of documentdb/functional-tests pass in each area, from the JUnit files
// that its pytest writes (--junitxml). Of a test that is in several files the last one counts, so that an area can be run again alone.
// usage: node scripts/engine-scores.js RESULTS.xml…
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// What the engine refuses on purpose, by the paths of the tests.
const outOfScope = [
  /geo(?!ngraph)|\/2d/, /query\/text|types\/text|_text_|\/search|rankFusion|scoreFusion|vectorSearch|listSearchIndexes|SearchIndex|expressions\/misc\/meta/,
  /timeseries|time_series/, /encrypt/i, /query\/misc\/where|expressions\/custom|mapReduce/, /security\/authorization/,
  /system\/administration|planCache|querySettings|queryStats|listSampledQueries|listClusterCatalog|core\/query[-_]planning|validateDBMetadata|applyOps|dbHash|lockInfo|commands\/(top|profile|validate)\/|convertToCapped|cloneCollectionAsCapped|compact/,
];

const areas = [
  ['query and write commands', /^core\/query_and_write/],
  ['query operators', /^core\/operator\/query/],
  ['update operators', /^core\/operator\/update/],
  ['projection', /^core\/operator\/projection/],
  ['indexes', /^core\/indexes/],
  ['cursors', /^core\/cursors/],
  ['aggregation commands', /^core\/aggregation/],
  ['aggregation stages', /^core\/operator\/(stages|system-stages|aggregation)/],
  ['accumulators', /^core\/operator\/accumulators/],
  ['window functions', /^core\/operator\/window/],
  ['expressions: arithmetic, trigonometry, bits', /^core\/operator\/expressions\/(arithmetic|trigonometry|bitwise)/],
  ['expressions: arrays, sets, objects', /^core\/operator\/expressions\/(array|set|object)/],
  ['expressions: comparing, conditions, variables', /^core\/operator\/expressions\/(boolean|comparisons|conditional|variable)/],
  ['expressions: conversions', /^core\/operator\/expressions\/type/],
  ['expressions: dates', /^core\/operator\/expressions\/(date|timestamp)/],
  ['expressions: text', /^core\/operator\/expressions\/string/],
  ['expressions: accumulators, others, several together', /^core\/operator/],
  ['collations', /^core\/collation/],
  ['collections', /^core\/collections/],
  ['sessions', /^core\/sessions/],
  ['data types', /^core\/data-types/],
  ['what tells of the server and of collections', /^system\/diagnostic/],
  ['what tells of a replica set', /^system\/replication/],
  ['logging in', /^system\/security/],
  ['others', /^/],
];

const results = process.argv.slice(2);
if (results.length === 0) {
  console.error('usage: node scripts/engine-scores.js RESULTS.xml…');
  process.exit(2);
}

/** By test, whether it passed. What MongoDB itself fails passes where the engine does as MongoDB does (a strict xfail). */
const passed = new Map();
for (const file of results) {
  for (const [, attributes, body = ''] of readFileSync(file, 'utf8').matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const [, path, name] = /classname="([^"]*)" name="([^"]*)"/.exec(attributes) ?? [];
    if (path === undefined || name === undefined) throw new Error(`${file}: a test without a name: ${attributes}`);
    if (/<skipped type="pytest\.skip"/.test(body)) continue;
    passed.set(`${path.replaceAll('.', '/').replace(/^compatibility\/tests\//, '')}::${name}`, !/<(failure|error)[ >]/.test(body));
  }
}

const counts = areas.map(([title]) => ({ title, passed: 0, all: 0 }));
for (const [test, isPassed] of passed) {
  if (outOfScope.some((path) => path.test(test.replace(/::.*/s, '')))) continue;
  const count = counts[areas.findIndex(([, path]) => path.test(test))];
  count.all++;
  if (isPassed) count.passed++;
}
const rows = [...counts, { title: '**all**', passed: sum('passed'), all: sum('all') }].filter(({ all }) => all > 0);
const table = ['| area | passed | of | |', '| --- | --- | --- | --- |', ...rows.map(({ title, ...count }) => `| ${title} | ${grouped(count.passed)} | ${grouped(count.all)} | ${percent(count)} |`)].join('\n');
const doc = fileURLToPath(new URL('../docs/engine.md', import.meta.url));
const [start, end] = ['<!-- scripts/engine-scores.js -->', '<!-- end -->'];
const text = readFileSync(doc, 'utf8');
const [from, to] = [text.indexOf(start), text.indexOf(end)];
if (from === -1 || to < from) throw new Error(`${doc} has no place for it, from ${start} to ${end}`);
writeFileSync(doc, `${text.slice(0, from + start.length)}\n\n${table}\n\n${text.slice(to)}`);
console.log(table);

function sum(field) {
  return counts.reduce((total, count) => total + count[field], 0);
}

function grouped(number) {
  return number.toLocaleString('en');
}

/** Never rounded up to all. */
function percent(count) {
  return `${count.passed === count.all ? '100' : (Math.floor((1000 * count.passed) / count.all) / 10).toFixed(1)} %`;
}
