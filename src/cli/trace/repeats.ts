import type { TraceEntry } from '../../verdict/types.ts';

/** Commands of one shape in a row: what a loop around a query looks like on the wire. */
export interface Repeat {
  check: string;
  shape: string;
  /** Index of the first and the last entry, of all that were given. */
  from: number;
  to: number;
  count: number;
  /** A loop of reads, the N+1 problem, or of writes. */
  kind: 'reads' | 'writes';
}

const reads = new Set(['find', 'aggregate', 'count', 'distinct']);
const writes = new Set(['insert', 'update', 'delete', 'findAndModify']);

/** How many of one shape make a row worth a word. */
const fewest = 3;

/** Rows of at least three reads or writes of one shape; what a connection says on opening and closing breaks none. */
export function findRepeats(entries: readonly TraceEntry[]): Repeat[] {
  const found: Repeat[] = [];
  let row: Repeat | undefined;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind !== 'command' || entry.shape === undefined || isPlumbing(entry)) continue;
    const name = entry.command ?? '';
    const kind = reads.has(name) ? 'reads' : writes.has(name) ? 'writes' : undefined;
    if (row && row.check === entry.check && row.shape === entry.shape && kind !== undefined) {
      row.to = index;
      row.count++;
      continue;
    }
    row = kind && { check: entry.check, shape: entry.shape, from: index, to: index, count: 1, kind };
    if (row) found.push(row);
  }
  return found.filter((one) => one.count >= fewest);
}

const plumbing = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions', 'saslStart', 'saslContinue', 'buildInfo']);

/** What drivers say among themselves. */
export function isPlumbing(entry: TraceEntry): boolean {
  return entry.command !== undefined && plumbing.has(entry.command);
}

/** How often the code waited for the database: commands that were sent, drivers' own talk left out. */
export function roundTrips(entries: readonly TraceEntry[]): number {
  return entries.filter((entry) => entry.kind === 'command' && !isPlumbing(entry)).length;
}
