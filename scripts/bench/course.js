// The whole course: all solutions, two at a time.
import { bin, byTurns, environment, ms, root, row, timeOfNode, units } from './measuring.js';

export async function measure({ work, runs, small }) {
  const env = environment(work);
  const which = small ? ['--exercise', '00-hello'] : ['--all'];
  const took = await byTurns(runs, {
    M: units(env).M,
    course: () => timeOfNode([bin, 'check', 'solutions', ...which, '--jobs', '2'], { cwd: root, env }),
  });
  row('M: import of mongodb', ms(took.M));
  row(`check solutions ${which.join(' ')} --jobs 2`, `${(took.course / 1000).toFixed(1)} s`, { ratio: took.course / took.M, unit: 'M', limit: 150 });
}
