import { int32 } from '../bson/decode.ts';
import { Doc, type Maybe } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import type { Partition, ParseWindow, WindowFamily } from '../window.ts';

/** `$rank`, `$denseRank`, `$documentNumber`: they take nothing, and have no frame. */
const ranking = (number: (partition: Partition, sort: (a: readonly Maybe[], b: readonly Maybe[]) => number) => number[]): ParseWindow => (argument, { name, sort, spec }) => {
  if (spec.size > 1) throw new MongoError(5371601, `Rank style window functions take no other arguments: ${name}`);
  if (!(argument instanceof Doc) || argument.size > 0) throw new MongoError(5371603, `${name} must be specified with '{}' as the value`);
  if (sort?.fields.length !== 1) throw new MongoError(5371602, `${name} must be specified with a top level sortBy expression with exactly one element`);
  return (partition) => number(partition, sort.compareKeys).map(int32);
};

const numbered = (step: 'dense' | 'sparse') => ({ keys }: Partition, compare: (a: readonly Maybe[], b: readonly Maybe[]) => number): number[] => {
  let rank = 0;
  return keys.map((key, index) => {
    const before = keys[index - 1];
    if (!before || compare(before, key) !== 0) rank = step === 'dense' ? rank + 1 : index + 1;
    return rank;
  });
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/rank/ */
export const windows: WindowFamily = {
  $rank: ranking(numbered('sparse')),
  $denseRank: ranking(numbered('dense')),
  $documentNumber: ranking(({ keys }) => keys.map((_, index) => index + 1)),
};
