import { UserError } from '../errors.ts';
import { loadRegistrant, registryIds } from '../registry.ts';
import type { Reporter, ReporterKind, ReporterOptions } from './reporter.ts';

export type { Reporter, ReporterOptions, ReportEnd, ReportMeta } from './reporter.ts';

const folder = new URL('./reporters/', import.meta.url);

/** What `--reporter` can name. Loads nothing. */
export function reporterNames(): string[] {
  return registryIds(folder);
}

/**
 * A reporter by its name.
 * @throws UserError naming the reporters there are
 */
export async function createReporter(name: string, options: ReporterOptions): Promise<Reporter> {
  if (!reporterNames().includes(name)) {
    throw new UserError(`There is no reporter "${name}".`, { wayOut: `The reporters are: ${reporterNames().join(', ')}.` });
  }
  const kind = await loadRegistrant<ReporterKind>(folder, name, 'reporter');
  return kind.create(options);
}
