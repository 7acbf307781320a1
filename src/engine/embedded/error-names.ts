import { errorCodes, type ErrorCodeName } from './errors.ts';

/** The names of the codes, where one is known. */
export const ErrorCodeLookup: ReadonlyMap<number, ErrorCodeName> = new Map(
  (Object.entries(errorCodes) as [ErrorCodeName, number][]).map(([name, code]) => [code, name]),
);
