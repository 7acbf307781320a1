import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError, exitCodes } from '../errors.ts';

/**
 * Creates a report's file at once, so that a wrong path is known before anything is graded.
 * @returns what appends to it, and throws a UserError where somebody else has written to it meanwhile: a report of two runs is of none
 * @throws UserError where it can't be created
 */
export function createReportFile(file: string): (text: string) => void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  } catch (error) {
    throw new UserError(`${file} can't be written: ${(error as Error).message}.`, { wayOut: 'Name another file for the report.', cause: error });
  }
  let written = 0;
  return (text) => {
    const state = statSync(file, { throwIfNoEntry: false });
    // A pipe or a terminal has no size, and /dev/stdout may be written to by whoever likes.
    if (!state || (state.isFile() && state.size !== written && !file.startsWith('/dev/'))) {
      throw new UserError(`${file} was ${state ? 'changed' : 'removed'} while this run wrote its report there.`, { wayOut: 'End the other run that writes it, or name another file.', exitCode: exitCodes.environment });
    }
    appendFileSync(file, text);
    written += Buffer.byteLength(text);
  };
}
