// What a class costs: CPU of the whole process tree for each submission beside `node -e "import('mongodb')"`, how two jobs compare to
// one, and the memory of the process that supervises. Takes minutes: most of a submission's time is waiting.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bin, environment, median, root, row } from './measuring.js';

export async function measure({ work, runs, small, students, exercise }) {
  const cpu = cpuMeter(environment(work));
  console.log(cpu.what);
  const grade = classOf({ work, exercise, cpu });
  const imports = [];
  for (let run = 0; run < runs; run++) imports.push((await cpu([process.execPath, '-e', "import('mongodb')"], root)).cpuMs);
  const m = median(imports);
  row("import('mongodb')", `${m.toFixed(0)} ms CPU`);
  // What is made once and kept, packages as bundles and compiled code, is not a submission's.
  await grade(1, 1);
  // Half of a class is right, the others are wrong in every known way. What a run costs once is in both, and cancels out.
  const jobs = small ? 1 : 3 * availableParallelism();
  const few = await grade(jobs, jobs);
  const many = await grade(jobs * 4, jobs);
  const each = (many.cpuMs - few.cpuMs) / (jobs * 3);
  row(`each ${exercise}`, `${each.toFixed(0)} ms CPU`, { ratio: each / m, unit: '× the import', limit: 2 });
  if (small) return;
  const [one, two] = [await grade(12, 1), await grade(12, 2)];
  row('12 with one job', `${(one.ms / 1000).toFixed(1)} s`);
  row('12 with two', `${(two.ms / 1000).toFixed(1)} s`, { ratio: one.ms / two.ms, unit: '× as fast', limit: 1.6, atLeast: true });
  const [twenty, all] = [await grade(20, jobs), await grade(students, jobs)];
  row('memory with 20', `${twenty.rssMb.toFixed(0)} MB`);
  row(`memory with ${students} (${(all.ms / 60_000).toFixed(1)} min, ${jobs} jobs)`, `${all.rssMb.toFixed(0)} MB`, { ratio: all.rssMb / twenty.rssMb });
}

/** A function that grades a class of so many, made where it is not there yet. */
function classOf({ work, exercise, cpu }) {
  const mistakes = readdirSync(join(root, 'exercises', exercise, 'mistakes'));
  return (count, jobs) => {
    const folder = join(work, `class-${count}`);
    for (let index = 0; index < count && !existsSync(join(folder, `s${count - 1}`)); index++) {
      const to = join(folder, `s${index}`, exercise);
      mkdirSync(to, { recursive: true });
      cpSync(join(root, 'solutions', exercise), to, { recursive: true });
      if (index % 2 === 1) cpSync(join(root, 'exercises', exercise, 'mistakes', mistakes[(index >> 1) % mistakes.length]), to, { recursive: true });
    }
    return cpu([process.execPath, bin, 'check', folder, '--exercise', exercise, '--jobs', String(jobs), '--seed', '1', '--sandbox', 'none', '--reporter', `json=${join(work, 'report.json')}`], work);
  };
}

/**
 * Runs commands and gives CPU and wall time in milliseconds, and the highest memory of the first process. CPU is of all
 * that was started: by a control group where one can be made, else of what was waited for.
 */
function cpuMeter(env) {
  const [v1, v2] = ['/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup/cgroup.controllers'];
  const group = existsSync(v1) ? join(v1, `bench-${process.pid}`) : existsSync(v2) ? `/sys/fs/cgroup/bench-${process.pid}` : undefined;
  let usable = group !== undefined;
  try {
    if (group) {
      mkdirSync(group);
      rmdirSync(group);
    }
  } catch {
    // Not root, or a container that lets nobody: then the shell's own count.
    usable = false;
  }
  const meter = async (command, cwd) => {
    if (usable) mkdirSync(group);
    const script = usable ? `echo $$ > ${group}/cgroup.procs; exec "$@"` : 'TIMEFORMAT="cpu %U %S"; time "$@"';
    const startedAt = performance.now();
    const child = spawn('bash', ['-c', script, '-', ...command], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let [said, rssMb] = ['', 0];
    child.stderr.on('data', (text) => { said += text; });
    const timer = setInterval(() => { rssMb = Math.max(rssMb, peakOf(usable ? child.pid : childOf(child.pid))); }, 200);
    await new Promise((done) => child.once('close', done));
    clearInterval(timer);
    const ms = performance.now() - startedAt;
    if (!usable) {
      const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(said) ?? [];
      return { ms, rssMb, cpuMs: (Number(user) + Number(system)) * 1000 };
    }
    const v1File = join(group, 'cpuacct.usage');
    const cpuMs = existsSync(v1File) ? Number(readFileSync(v1File, 'utf8')) / 1e6 : Number(/usage_usec (\d+)/.exec(readFileSync(join(group, 'cpu.stat'), 'utf8'))?.[1]) / 1000;
    // What has just ended is still in it for a moment.
    for (let tries = 0; tries < 50 && readFileSync(join(group, 'cgroup.procs'), 'utf8') !== ''; tries++) await new Promise((done) => setTimeout(done, 100));
    rmdirSync(group);
    return { ms, rssMb, cpuMs };
  };
  return Object.assign(meter, { what: usable ? 'CPU of the whole process tree' : 'CPU of the processes that were waited for' });
}

function peakOf(pid) {
  if (pid === undefined || !existsSync(`/proc/${pid}/status`)) return 0;
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}

function childOf(pid) {
  try {
    return Number(execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).split('\n')[0]);
  } catch {
    // It has not started yet, or has ended.
    return undefined;
  }
}
