// Commands of the program, from their start to their end, beside an empty program (N) and an import of the driver (M).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, byTurns, environment, ms, root, row, timeOfNode, units, workbookWith } from './measuring.js';

/** In multiples of M. */
const checks = { '00-hello': undefined, '01-connect': 6, '02-crud': undefined, '03-serializer': 5 };

export async function measure({ work, runs, small }) {
  const env = environment(work);
  const workbook = join(work, 'workbook');
  const ids = Object.keys(checks).filter((id) => !small || id === '03-serializer');
  workbookWith(ids, workbook, env);
  const program = (cwd, ...args) => () => timeOfNode([bin, ...args], { cwd, env });
  const took = await byTurns(runs, {
    ...units(env), '--help': program(work, '--help'), list: program(workbook, 'list'),
    ...Object.fromEntries(ids.map((id) => [id, program(workbook, 'check', id)])),
  });
  row('N: node -e 0', ms(took.N));
  row('M: import of mongodb', ms(took.M));
  for (const name of ['--help', 'list']) row(name, ms(took[name]), { ratio: took[name] / took.N, unit: 'N', limit: 2 });
  for (const id of ids) {
    const waits = id === '01-connect' ? longestWait() : 0;
    const what = `check ${id}, cold${waits > 0 ? `, without its wait of ${waits} ms` : ''}`;
    row(what, ms(took[id]), { ratio: (took[id] - waits) / took.M, unit: 'M', limit: checks[id] });
  }
}

/** How long the solution of 01-connect looks for a server that is not there. */
function longestWait() {
  const found = /serverSelectionTimeoutMS: ([\d_]+)/.exec(readFileSync(join(root, 'solutions', '01-connect', 'mongo.ts'), 'utf8'));
  if (!found) throw new Error('the solution of 01-connect names no serverSelectionTimeoutMS');
  return Number(found[1].replaceAll('_', ''));
}
