// Which cores processes run on. A system puts two processes that talk on one core or on two as it likes, and that decides more of a
// round trip than the server does: an idle core of a virtual machine takes over 100 µs to wake, a switch on one core a few. So servers
// are compared in the same placement, and in each.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The placements that this machine allows, each with a function that puts the client and the servers there.
 * @param servers their process ids; this process is the client
 * @returns one without a name where nothing can be placed
 */
export function placementsOf(servers) {
  const cores = coresHere();
  const [one, other] = cores;
  if (one === undefined || !put(process.pid, cores)) {
    console.log('Processes can\'t be put on a core here (taskset): each may run where the system likes.');
    return { placements: [{ name: '', place() {} }], release() {} };
  }
  const all = (client, server) => [[process.pid, client], ...servers.map((pid) => [pid, server])].forEach(([pid, where]) => put(pid, where));
  return {
    placements: [
      { name: ', on one core', place: () => all([one], [one]) },
      ...(other === undefined ? [] : [{ name: ', client on another core', place: () => all([one], [other]) }]),
    ],
    release: () => all(cores, cores),
  };
}

/** With all its threads. */
const put = (pid, cores) => spawnSync('taskset', ['-acp', cores.join(','), String(pid)], { stdio: 'ignore' }).status === 0;

/** The cores that this process may use. */
function coresHere() {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    return list.split(',').flatMap((part) => {
      const [from, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
  } catch {
    // Not Linux.
    return [];
  }
}
