import { int32 } from '../bson/decode.ts';
import { Doc } from '../bson/value.ts';
import type { Work } from '../command.ts';
import { MongoError } from '../errors.ts';
import { findMatches, type PreparedFind } from '../find-documents.ts';
import type { ScanCounts } from '../storage/scan.ts';
import { afterUpdate } from '../update-documents.ts';
import { parseUpdate, type Update } from '../update/parse.ts';
import type { QueryContext } from '../variables.ts';
import type { ExplainedWrite } from './read.ts';

/** What a write would do. */
export interface WouldWrite {
  matched: number;
  modified: number;
  deleted: number;
  upserted: number;
}

/** @throws MongoError where the update is wrong, which it is though it is only explained */
export function readUpdate({ kind, update, multi, constants, arrayFilters }: ExplainedWrite, context: QueryContext): Update | undefined {
  if (kind === 'delete') return undefined;
  const variables = new Map([...context.variables, ...(constants ?? [])]);
  const parsed = parseUpdate(update, { context: { ...context, variables }, ...(arrayFilters ? { arrayFilters } : {}) });
  if (multi && parsed.kind === 'replacement') throw new MongoError('FailedToParse', 'multi update is not supported for replacement-style update');
  return parsed;
}

/** Finds what would be written, and counts what would come of it. Nothing is written. */
export function* wouldWrite(prepared: PreparedFind, { multi, upsert }: ExplainedWrite, update: Update | undefined, counts: ScanCounts): Work<WouldWrite> {
  const would: WouldWrite = { matched: 0, modified: 0, deleted: 0, upserted: 0 };
  for (const match of findMatches(prepared, multi ? Infinity : 1, counts)) {
    if (!match) {
      yield undefined;
      continue;
    }
    would.matched++;
    if (!update) would.deleted++;
    else if (afterUpdate(update, prepared.filter, match.document).changes) would.modified++;
    if (!multi) break;
  }
  if (update && upsert && would.matched === 0) would.upserted = 1;
  return would;
}

/** The name of the stage that writes. */
export const writeStage = ({ kind, multi }: ExplainedWrite): string => (kind === 'update' ? 'UPDATE' : multi ? 'BATCHED_DELETE' : 'DELETE');

/** What the stage says of what it would do. */
export function showWould({ kind }: ExplainedWrite, { matched, modified, deleted, upserted }: WouldWrite, express: boolean): Doc {
  const updates = { nWouldModify: int32(modified), nWouldUpsert: int32(upserted) };
  if (express) return Doc.of({ ...updates, nWouldDelete: int32(deleted) });
  return kind === 'update' ? Doc.of({ nMatched: int32(matched), ...updates }) : Doc.of({ nWouldDelete: int32(deleted) });
}
