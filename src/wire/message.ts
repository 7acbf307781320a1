import type { WireMessage } from './backend.ts';

/**
 * Frames of the MongoDB wire protocol.
 * https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
export const opCode = { reply: 1, query: 2004, compressed: 2012, msg: 2013 } as const;

/** maxMessageSizeBytes, which `hello` announces. */
export const maxMessageBytes = 48_000_000;

const headerBytes = 16;
const flagChecksum = 1 << 0;
const flagMoreToCome = 1 << 1;
const flagExhaustAllowed = 1 << 16;
/** Bits 0 to 15 must be understood; the ones above may be ignored. */
const requiredFlags = 0xffff;

/** A message that breaks the protocol: the connection ends, as a server ends it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** A kind 1 section: documents beside the command, under a field's name. */
export interface DocumentSequence {
  name: string;
  documents: Buffer[];
}

/** A request, taken apart but not decoded. All buffers are views of the message. */
export interface Request {
  requestId: number;
  /** The command's document. */
  body: Buffer;
  sequences: DocumentSequence[];
  /** The client wants no reply. */
  moreToCome: boolean;
  /** The client takes several replies to one request. */
  exhaustAllowed: boolean;
  /** The legacy OP_QUERY, which only the first `hello` may use. */
  legacy: boolean;
  /** The database of a legacy query. */
  legacyDatabase?: string;
}

/**
 * Cuts a stream of bytes into messages. A message's bytes are its own, so that who keeps one keeps no others: a copy, or
 * the chunk where that is one message and nothing else.
 */
export class Framer {
  #chunks: Buffer[] = [];
  #size = 0;

  /** The chunk as a message, where it is one and nothing else; where not, it has to be pushed. */
  whole(chunk: Buffer): WireMessage | undefined {
    const isWhole = this.#size === 0 && chunk.length >= headerBytes && chunk.length === chunk.readInt32LE(0) && chunk.length === chunk.buffer.byteLength && chunk.length <= maxMessageBytes;
    return isWhole ? readHeader(chunk) : undefined;
  }

  /** @throws ProtocolError where a length is impossible */
  push(chunk: Buffer): WireMessage[] {
    const whole = this.whole(chunk);
    if (whole) return [whole];
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const messages: WireMessage[] = [];
    while (this.#size >= 4) {
      const length = this.#peekLength();
      if (length < headerBytes || length > maxMessageBytes) throw new ProtocolError(`a message of ${length} bytes is not possible`);
      if (this.#size < length) break;
      messages.push(readHeader(this.#take(length)));
    }
    return messages;
  }

  #peekLength(): number {
    const first = this.#chunks[0] as Buffer;
    if (first.length >= 4) return first.readInt32LE(0);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return (this.#chunks[0] as Buffer).readInt32LE(0);
  }

  #take(length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0] as Buffer;
      const part = Math.min(chunk.length, length - filled);
      chunk.copy(bytes, filled, 0, part);
      filled += part;
      if (part === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part);
    }
    this.#size -= length;
    return bytes;
  }
}

function readHeader(bytes: Buffer): WireMessage {
  return { bytes, requestId: bytes.readInt32LE(4), responseTo: bytes.readInt32LE(8), opCode: bytes.readInt32LE(12) };
}

/**
 * Takes a request apart: OP_MSG, or the OP_QUERY of an old handshake.
 * @throws ProtocolError for anything else, or where lengths don't fit
 */
export function parseRequest(message: WireMessage): Request {
  try {
    if (message.opCode === opCode.msg) return parseMsg(message);
    if (message.opCode === opCode.query) return parseQuery(message);
  } catch (error) {
    if (error instanceof RangeError) throw new ProtocolError('a section ends before its length');
    throw error;
  }
  throw new ProtocolError(`opcode ${message.opCode} is not supported`);
}

function parseMsg({ bytes, requestId }: WireMessage): Request {
  const flags = bytes.readUInt32LE(headerBytes);
  if ((flags & requiredFlags & ~(flagChecksum | flagMoreToCome)) !== 0) throw new ProtocolError(`unknown required flag bits ${flags}`);
  let end = bytes.length;
  if (flags & flagChecksum) {
    end -= 4;
    if (crc32c(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) throw new ProtocolError('the checksum does not match');
  }
  let body: Buffer | undefined;
  const sequences: DocumentSequence[] = [];
  let at = headerBytes + 4;
  while (at < end) {
    const kind = bytes.readUInt8(at++);
    if (kind === 0) {
      if (body) throw new ProtocolError('two bodies in one message');
      body = documentAt(bytes, at, end);
      at += body.length;
    } else if (kind === 1) {
      const size = bytes.readInt32LE(at);
      if (size < 5 || at + size > end) throw new ProtocolError('a document sequence does not fit its message');
      sequences.push(parseSequence(bytes, at + 4, at + size));
      at += size;
    } else {
      throw new ProtocolError(`unknown section kind ${kind}`);
    }
  }
  if (!body) throw new ProtocolError('a message without a body');
  return { requestId, body, sequences, moreToCome: (flags & flagMoreToCome) !== 0, exhaustAllowed: (flags & flagExhaustAllowed) !== 0, legacy: false };
}

function parseSequence(bytes: Buffer, from: number, end: number): DocumentSequence {
  const nul = bytes.indexOf(0, from);
  if (nul === -1 || nul >= end) throw new ProtocolError('a document sequence without a name');
  const documents: Buffer[] = [];
  let at = nul + 1;
  while (at < end) {
    const document = documentAt(bytes, at, end);
    documents.push(document);
    at += document.length;
  }
  return { name: bytes.toString('utf8', from, nul), documents };
}

function parseQuery({ bytes, requestId }: WireMessage): Request {
  const nul = bytes.indexOf(0, headerBytes + 4);
  if (nul === -1) throw new ProtocolError('a query without a collection');
  const namespace = bytes.toString('utf8', headerBytes + 4, nul);
  const body = documentAt(bytes, nul + 9, bytes.length);
  return {
    requestId, body, sequences: [], moreToCome: false, exhaustAllowed: false, legacy: true,
    legacyDatabase: namespace.replace(/\.\$cmd$/, ''),
  };
}

function documentAt(bytes: Buffer, at: number, end: number): Buffer {
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > end) throw new ProtocolError('a document does not fit its message');
  return bytes.subarray(at, at + length);
}

let lastRequestId = 0;

/** A request id that no message of this process had before (until 31 bits are used up). */
export function nextRequestId(): number {
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  return lastRequestId;
}

/** How many bytes of an OP_MSG come before its body. */
export const bytesBeforeBody = headerBytes + 5;

/** Makes an OP_MSG of bytes that end with its body, by filling in what comes before. */
export function beginMsg(bytes: Buffer, responseTo: number, flags = 0): Buffer {
  writeHeader(bytes, responseTo, opCode.msg);
  bytes.writeUInt32LE(flags, headerBytes);
  bytes[headerBytes + 4] = 0;
  return bytes;
}

/**
 * An OP_MSG with one body.
 * @param options.more a document whose fields come at the body's end
 */
export function encodeMsg(body: Uint8Array, options: { responseTo?: number; moreToCome?: boolean; exhaustAllowed?: boolean; more?: Uint8Array | undefined } = {}): Buffer {
  const { more } = options;
  const bytes = Buffer.allocUnsafe(bytesBeforeBody + body.length + (more ? more.length - 5 : 0));
  beginMsg(bytes, options.responseTo ?? 0, (options.moreToCome ? flagMoreToCome : 0) + (options.exhaustAllowed ? flagExhaustAllowed : 0));
  bytes.set(body, bytesBeforeBody);
  if (more) {
    // From where the body ended.
    bytes.set(more.subarray(4), headerBytes + 4 + body.length);
    bytes.writeInt32LE(body.length + more.length - 5, headerBytes + 5);
  }
  return bytes;
}

/** The OP_REPLY that answers a legacy OP_QUERY. */
export function encodeLegacyReply(body: Uint8Array, responseTo: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + 20 + body.length);
  writeHeader(bytes, responseTo, opCode.reply);
  bytes.writeInt32LE(8, headerBytes); // AwaitCapable
  bytes.writeBigInt64LE(0n, headerBytes + 4);
  bytes.writeInt32LE(0, headerBytes + 12);
  bytes.writeInt32LE(1, headerBytes + 16);
  bytes.set(body, headerBytes + 20);
  return bytes;
}

function writeHeader(bytes: Buffer, responseTo: number, code: number): void {
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(nextRequestId(), 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(code, 12);
}

/** The body of a reply, or undefined where the bytes are no reply that is known. Views of `bytes`. */
export function replyBody(bytes: Buffer): Buffer | undefined {
  if (bytes.length < headerBytes + 5) return undefined;
  const code = bytes.readInt32LE(12);
  const at = code === opCode.msg && bytes[headerBytes + 4] === 0 ? headerBytes + 5 : code === opCode.reply ? headerBytes + 20 : -1;
  if (at === -1 || bytes.length < at + 5) return undefined;
  const length = bytes.readInt32LE(at);
  return length >= 5 && at + length <= bytes.length ? bytes.subarray(at, at + length) : undefined;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C, the checksum of OP_MSG. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
