import { describe, expect, test } from 'vitest';
import { int32 } from '../../../src/engine/embedded/bson/decode.ts';
import { Doc, Timestamp, type Value } from '../../../src/engine/embedded/bson/value.ts';
import { readGeneric } from '../../../src/engine/embedded/generic-arguments.ts';

const read = (extra: Record<string, Value>): unknown =>
  readGeneric('ping', Doc.of({ ping: int32(1), ...extra }), { reads: [], writes: false, replset: true }, () => undefined);

// Drivers put the time that they know in the place of one that a user gives.
describe('The time that a client sends on', () => {
  test('is a timestamp', () => {
    read({ $clusterTime: Doc.of({ clusterTime: new Timestamp(1, 1) }) });
  });

  test.each<[string, Value, number | string]>([
    ['no document', 1, 'TypeMismatch'], ['without its moment', new Doc(), 40414], ['of another type', Doc.of({ clusterTime: new Doc() }), 'TypeMismatch'],
  ])('%s is refused', (_, $clusterTime, code) => {
    expect(() => read({ $clusterTime })).toThrow(expect.objectContaining({ [typeof code === 'string' ? 'codeName' : 'code']: code }));
  });
});
