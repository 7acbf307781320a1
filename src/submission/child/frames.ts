/** Length-prefixed JSON frames: four bytes big endian, then that many bytes of UTF-8. Both ends use it; neither trusts the other's sizes. */
export const mostFrameBytes = 8 * 1024 * 1024;

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

export function encodeFrame(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value), 'utf8');
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Cuts a stream into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** @throws FrameError where a frame is too long or no JSON */
  push(chunk: Buffer): unknown[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const values: unknown[] = [];
    for (;;) {
      if (this.#size < 4) return values;
      if ((this.#chunks[0] as Buffer).length < 4) this.#chunks = [Buffer.concat(this.#chunks)];
      const length = (this.#chunks[0] as Buffer).readUInt32BE(0);
      if (length > mostFrameBytes) throw new FrameError(`a frame of ${length} bytes`);
      if (this.#size < 4 + length) return values;
      const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      this.#chunks = [all.subarray(4 + length)];
      this.#size -= 4 + length;
      try {
        values.push(JSON.parse(all.toString('utf8', 4, 4 + length)));
      } catch {
        throw new FrameError('a frame that is no JSON');
      }
    }
  }
}
