import { expect, test, vi } from 'vitest';
import { Records } from '../../../src/engine/embedded/storage/records.ts';

const document = Buffer.from([5, 0, 0, 0, 0]);

test('the oldest record is known whatever is deleted or comes back', () => {
  const records = new Records();
  expect(records.oldest()).toBeUndefined();
  for (let id = 1; id <= 4; id++) expect(records.add(document)).toBe(id);
  records.delete(1);
  records.delete(3);
  expect(records.oldest()).toBe(2);
  records.delete(2);
  expect(records.oldest()).toBe(4);
  records.put(1, document);
  expect(records.oldest()).toBe(1);
  expect([...records.entries()].map(([id]) => id)).toEqual([1, 4]);
  expect(records.backward()).toEqual([4, 1]);
  expect([records.size, records.bytes, records.last]).toEqual([2, 10, 4]);
});

test('what comes back is in its order again once that is settled', () => {
  const records = new Records();
  for (let id = 1; id <= 1000; id++) records.add(document);
  for (let id = 1; id <= 600; id++) records.delete(id);
  for (const id of [600, 2, 1]) records.put(id, document);
  records.settle();
  expect([...records.entries()].slice(0, 4).map(([id]) => id)).toEqual([1, 2, 600, 601]);
  expect([records.size, records.bytes, records.last, records.get(600), records.get(3)]).toEqual([403, 2015, 1000, document, undefined]);
});

test('an iterator meets what comes and not what goes, pages that empty under it too', () => {
  const records = new Records();
  for (let id = 1; id <= 300; id++) records.add(document);
  const seen: number[] = [];
  for (const [id] of records.entries()) {
    seen.push(id);
    if (id === 10) for (let gone = 1; gone <= 299; gone++) records.delete(gone);
    if (id === 300) {
      records.delete(300);
      records.add(document);
    }
  }
  expect(seen).toEqual([...Array.from({ length: 10 }, (_, at) => at + 1), 300, 301]);
  expect([...records.entries()].map(([id]) => id)).toEqual([301]);
});

test('a copy changes apart', () => {
  const records = new Records();
  records.add(document);
  const fork = records.fork();
  fork.delete(1);
  expect(fork.add(document)).toBe(2);
  expect([records.size, records.last, fork.oldest()]).toEqual([1, 1, 2]);
});

test('where the oldest go as new ones come, each is looked at once', () => {
  const records = new Records();
  for (let id = 1; id <= 1000; id++) records.add(document);
  const get = vi.spyOn(records, 'get');
  try {
    for (let count = 0; count < 5000; count++) {
      records.add(document);
      records.delete(records.oldest() as number);
    }
    expect(get.mock.calls.length).toBeLessThan(3 * 5000);
  } finally {
    get.mockRestore();
  }
  expect([records.size, records.oldest()]).toEqual([1000, 5001]);
});
