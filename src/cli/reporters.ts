import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { createReporter, reporterNames, type Reporter } from '../report/index.ts';
import type { Cli } from './context.ts';
import { createReportFile } from './report-file.ts';
import { prettyReporter } from './verdict.ts';

/**
 * Reporters by what `--reporter` was given: `name` writes to stdout, `name=file` into a file.
 * @param practice true for a person's own run, which is explained in full
 * @param assignment the column of a gradebook that gets the points
 * @throws UserError where a name or a file is wrong
 */
export async function openReporters(cli: Cli, wanted: readonly string[], practice: boolean, assignment?: string): Promise<Reporter[]> {
  const named = assignment === undefined ? {} : { assignment };
  const reporters: Reporter[] = [];
  const toStdout = wanted.filter((one) => !one.includes('='));
  if (toStdout.length > 1) throw new UserError(`Only one reporter can write to the screen, not ${toStdout.join(' and ')}.`, { wayOut: `Give the others a file: --reporter ${toStdout[1]}=report.txt` });
  for (const one of wanted) {
    const [name = '', ...rest] = one.split('=');
    const file = rest.length > 0 ? resolve(cli.cwd, rest.join('=')) : undefined;
    if (!reporterNames().includes(name)) throw new UserError(`There is no reporter "${name}".`, { wayOut: `The reporters are: ${reporterNames().join(', ')}.` });
    if (file === undefined && name === 'pretty') reporters.push(await prettyReporter(cli, practice));
    else if (file === undefined) reporters.push(await createReporter(name, { write: (text) => void cli.terminal.stdout.write(text), practice, ...named }));
    else reporters.push(await createReporter(name, { write: createReportFile(file), practice, ...named }));
  }
  return reporters;
}
