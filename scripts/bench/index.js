// Prints the numbers that the course must reach, each with its limit: ratios of one run, interleaved, medians of at least 11.
// Absolute times are of this machine and this moment; compare the ratios.
// usage: npm run bench [-- PART…] [--runs N] [--small]
//   commands engine million install: run where no part is named (minutes)
//   course, watch: only where named
//   class (also npm run bench:class; minutes): [--students N] [--exercise ID], else 200 of 02-crud
//   --small: little data, nothing downloaded; shows that a part works, and measures nothing
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeNothing } from './measuring.js';

const unasked = ['commands', 'engine', 'million', 'install'];
const parts = [...unasked, 'course', 'watch', 'class'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' }, small: { type: 'boolean', default: false }, students: { type: 'string', default: '200' }, exercise: { type: 'string', default: '02-crud' } },
});
const unknown = positionals.find((name) => !parts.includes(name));
const runs = Number(values.runs ?? (values.small ? 1 : 11));
if (unknown !== undefined || !Number.isInteger(runs) || runs < 1) {
  console.error(unknown === undefined ? '--runs takes a number from 1.' : `There is no part "${unknown}": the parts are ${parts.join(', ')}.`);
  process.exit(2);
}

// It costs every process that is started, and servers run in this one.
delete process.env.NODE_EXTRA_CA_CERTS;
if (values.small) judgeNothing();
const work = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  console.log(`Node.js ${process.version}, ${values.small ? 'little data: nothing is measured' : runs < 11 ? `medians of ${runs}, too few to judge by` : `medians of ${runs}`}`);
  for (const name of positionals.length > 0 ? positionals : unasked) {
    console.log(`\n${name}`);
    const { measure } = await import(`./${name}.js`);
    await measure({ work, runs, small: values.small, students: Number(values.students), exercise: values.exercise });
  }
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
