import { expect, test } from 'vitest';
import { int32 } from '../../../src/engine/embedded/bson/decode.ts';
import { encodeDocument } from '../../../src/engine/embedded/bson/encode.ts';
import { Doc, UtcDate, type Value } from '../../../src/engine/embedded/bson/value.ts';
import { parseIndexSpec } from '../../../src/engine/embedded/index-specs.ts';
import { Server } from '../../../src/engine/embedded/server-state.ts';
import { removeExpired } from '../../../src/engine/embedded/ttl.ts';

const minute = 60_000;

function serverWith(values: readonly Value[], options: Record<string, Value> = {}): { server: Server; left(): number } {
  const server = new Server(new Map(), { replset: false });
  const collection = server.store.createCollection('db', 'sessions');
  const spec = parseIndexSpec(Doc.of({ key: Doc.of({ at: int32(1) }), name: 'at_1', expireAfterSeconds: int32(60), ...options }), collection);
  const build = collection.buildIndex(spec);
  while (!build.next().done);
  values.forEach((at, id) => collection.insert(encodeDocument(Doc.of({ _id: int32(id), at, kind: id % 2 === 0 ? 'even' : 'odd' }))));
  return { server, left: () => collection.size };
}

const date = (ms: number): UtcDate => new UtcDate(BigInt(ms));

test('documents go when their time is over, others stay', () => {
  const { server, left } = serverWith([date(0), date(minute), [date(10 * minute), date(0)], 'text', int32(0), null]);
  expect(removeExpired(server, minute - 1)).toBe(0);
  expect(removeExpired(server, minute)).toBe(2);
  expect(removeExpired(server, 2 * minute)).toBe(1);
  expect(left()).toBe(3);
});

test('a partial index removes only what it holds', () => {
  const { server, left } = serverWith([date(0), date(0)], { partialFilterExpression: Doc.of({ kind: 'odd' }) });
  expect(removeExpired(server, 5 * minute)).toBe(1);
  expect(left()).toBe(1);
});
