import { describe, expect, test } from 'vitest';
import { Room } from '../../../src/engine/embedded/storage/room.ts';

/** A document as it comes: somewhere in the bytes of a message. */
function inMessage(bytes: number, messageBytes: number, fill: number): Buffer {
  return Buffer.allocUnsafeSlow(messageBytes).fill(0).subarray(20, 20 + bytes).fill(fill);
}

describe('the bytes of a document that is stored', () => {
  test('stand beside others\' where they are few and came alone', () => {
    const room = new Room();
    const kept = Array.from({ length: 200 }, (_, index) => room.own(inMessage(100, 200, index)));
    expect(kept.every((document, index) => document.length === 100 && document.every((byte) => byte === index))).toBe(true);
    expect(new Set(kept.map(({ buffer }) => buffer)).size).toBe(5);
    expect(Math.max(...kept.map(({ buffer }) => buffer.byteLength))).toBe(4096);
  });

  test('stay in a message of many, and where they are many themselves', () => {
    const room = new Room();
    for (const document of [inMessage(100, 50_000, 1), inMessage(600, 700, 1)]) expect(room.own(document)).toBe(document);
  });

  test('are apart from all others where room is limited', () => {
    const room = new Room(1_000_000);
    for (const size of [200, 50_000]) expect(room.own(inMessage(100, size, 1)).buffer.byteLength).toBe(100);
  });
});
