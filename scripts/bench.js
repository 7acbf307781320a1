// Prints ratios measured in one run: commands beside `node -e 0` (N) and beside an import of mongodb (M), runs interleaved,
// medians of at least 11. Absolute times are of this machine and this moment; compare the ratios.
// usage: npm run bench [-- RUNS], or npm run bench -- million for a million documents in the engine alone
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === 'million') {
  await million();
  process.exit();
}

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = Math.max(11, Number(process.argv[2] ?? 11));
const work = mkdtempSync(join(tmpdir(), 'bench-'));
const env = { PATH: process.env.PATH, HOME: work, TMPDIR: work, NO_COLOR: '1', CI: '1' };
const bin = join(root, 'bin', 'mongo-course.js');
const workbook = join(work, 'wb');

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function time(args, cwd) {
  const startedAt = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

try {
  execFileSync(process.execPath, [bin, 'init', workbook, '--yes'], { env, stdio: 'ignore' });
  for (const id of ['00-hello', '01-connect', '02-crud']) {
    cpSync(join(root, 'exercises', id, 'starter'), join(workbook, id), { recursive: true });
    cpSync(join(root, 'solutions', id), join(workbook, id), { recursive: true });
  }
  const commands = {
    N: [['-e', '0'], root],
    M: [['-e', "import('mongodb')"], root],
    '--help': [[bin, '--help'], work],
    list: [[bin, 'list'], workbook],
    'check 00-hello, cold': [[bin, 'check', '00-hello'], workbook],
    'check 01-connect, cold': [[bin, 'check', '01-connect'], workbook],
    'check 02-crud, cold': [[bin, 'check', '02-crud'], workbook],
  };
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = -1; run < runs; run++) {
    for (const [name, [args, cwd]] of Object.entries(commands)) {
      if (name.startsWith('check') && run > 10) continue;
      const took = time(args, cwd);
      if (run >= 0) times[name].push(took);
    }
  }
  const [n, m] = [median(times.N), median(times.M)];
  console.log(`Node.js ${process.version}, ${runs} runs, medians`);
  console.log(`N  node -e 0            ${n.toFixed(0)} ms`);
  console.log(`M  import('mongodb')    ${m.toFixed(0)} ms`);
  for (const name of ['--help', 'list']) console.log(`${name.padEnd(24)}${median(times[name]).toFixed(0).padStart(6)} ms  ${(median(times[name]) / n).toFixed(2)} N`);
  for (const name of Object.keys(times).filter((one) => one.startsWith('check'))) {
    console.log(`${name.padEnd(24)}${median(times[name]).toFixed(0).padStart(6)} ms  ${(median(times[name]) / m).toFixed(2)} M`);
  }
  await engine(m);
  await million();
  installSize();
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The embedded engine in this process, beside a server that answers everything with ok and stores nothing. */
async function engine(m) {
  const [{ startEngine }, { MongoClient }, { startFront }, { encodeMsg, parseRequest }, { BSON }] = await Promise.all([
    import('../dist/engine/index.js'), import('mongodb'), import('../dist/wire/front.js'), import('../dist/wire/message.js'), import('../dist/wire/bson.js'),
  ]);
  const starts = [];
  for (let run = 0; run < runs; run++) {
    const startedAt = performance.now();
    const server = await startEngine();
    starts.push(performance.now() - startedAt);
    await server.stop();
  }
  console.log(`engine listening${' '.repeat(8)}${median(starts).toFixed(2).padStart(6)} ms  ${(median(starts) / m).toFixed(3)} M`);
  const hello = BSON.serialize({ helloOk: true, isWritablePrimary: true, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, minWireVersion: 0, maxWireVersion: 27, ok: 1 });
  const done = BSON.serialize({ n: 0, ok: 1 });
  const nothing = await startFront({
    backend: {
      connect: (_, reply) => ({
        handle(message) {
          const { body, requestId, legacy } = parseRequest(message);
          const isHello = /^(hello|ismaster)$/i.test(body.toString('latin1', 5, body.indexOf(0, 5)));
          if (legacy) return;
          reply(encodeMsg(isHello ? hello : done, { responseTo: requestId }));
        },
        close() {},
      }),
    },
  });
  const server = await startEngine();
  const documents = (from) => Array.from({ length: 10_000 }, (_, index) => ({ _id: from + index, name: `name ${index}`, value: index, at: new Date(0) }));
  const rate = async (uri) => {
    const client = new MongoClient(uri, { loadBalanced: false, monitorCommands: false });
    await client.connect();
    const took = [];
    for (let run = 0; run < runs; run++) {
      const list = documents(run * 10_000);
      const startedAt = performance.now();
      await client.db('bench').collection(`c${run}`).insertMany(list);
      took.push(performance.now() - startedAt);
    }
    await client.close();
    return median(took);
  };
  try {
    const [ours, theirs] = [await rate(server.uri), await rate(`mongodb://127.0.0.1:${nothing.port}/?directConnection=true`).catch((error) => ({ error }))];
    if (typeof theirs === 'number') console.log(`insertMany of 10,000    ${ours.toFixed(1).padStart(6)} ms  ${(theirs / ours).toFixed(2)} × the rate of a server that stores nothing`);
    else console.log(`insertMany of 10,000    ${ours.toFixed(1).padStart(6)} ms  (${theirs.error.message})`);
  } finally {
    await server.stop();
    await nothing.close();
  }
}

function installSize() {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const place = join(work, 'install');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', '--prefix', place, join(work, packed.filename)], { stdio: 'ignore' });
  const kib = Number(execFileSync('du', ['-sk', place], { encoding: 'utf8' }).split('\t')[0]);
  console.log(`whole install           ${(kib / 1024).toFixed(0).padStart(6)} MB  (du -sk)`);
}

/** A million documents in the engine: what they take beside their own bytes, and how long they take to store and to find. */
async function million() {
  const [{ startEngine }, { MongoClient, BSON }] = await Promise.all([import('../dist/engine/index.js'), import('mongodb')]);
  const [count, batch] = [1_000_000, 10_000];
  const document = (index) => ({ _id: index, name: `name ${index}`, value: (index * 7919) % count, at: new Date(index) });
  const collect = () => {
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const took = async (work) => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  const middle = async (runs, work) => {
    const times = [];
    for (let run = 0; run < runs; run++) times.push(await took(() => work(run)));
    return times.sort((a, b) => a - b)[runs >> 1];
  };
  const server = await startEngine();
  const client = await MongoClient.connect(server.uri);
  try {
    const coll = client.db('bench').collection('million');
    await coll.insertOne(document(0));
    const before = collect();
    const load = await took(async () => {
      for (let from = 1; from < count; from += batch) await coll.insertMany(Array.from({ length: Math.min(batch, count - from) }, (_, index) => document(from + index)));
    });
    const loaded = collect();
    const build = await took(() => coll.createIndex({ value: 1 }));
    const indexed = collect();
    const own = BSON.calculateObjectSize(document(count >> 1));
    console.log(`${count.toLocaleString('en')} documents of ${own} bytes`);
    console.log(`memory per document     ${((loaded - before) / count).toFixed(0).padStart(6)} bytes, with the index on _id; ${((indexed - loaded) / count).toFixed(0)} more for another index`);
    console.log(`load                    ${(count / load).toFixed(0).padStart(6)} thousand documents a second`);
    console.log(`index built in          ${(build / 1000).toFixed(1).padStart(6)} s`);
    console.log(`find by _id             ${(await middle(201, (run) => coll.findOne({ _id: run * 4001 }))).toFixed(2).padStart(6)} ms`);
    console.log(`find by the index       ${(await middle(201, (run) => coll.findOne({ value: run * 4001 }))).toFixed(2).padStart(6)} ms`);
    console.log(`find without an index   ${(await middle(5, (run) => coll.find({ name: `none ${run}` }).toArray())).toFixed(0).padStart(6)} ms`);
  } finally {
    await client.close();
    await server.stop();
  }
}
