// Prints ratios measured in one run: commands beside `node -e 0` (N) and beside an import of mongodb (M), runs interleaved,
// medians of at least 11. Absolute times are of this machine and this moment; compare the ratios.
// usage: npm run bench [-- RUNS]
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
