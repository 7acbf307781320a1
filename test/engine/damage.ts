import { deflateSync } from 'node:zlib';
import { BSON } from 'mongodb';

/** Numbers from 0 below 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const opMsg = 2013;
const opQuery = 2004;
const opCompressed = 2012;

function message(opcode: number, requestId: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(16 + body.length);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(requestId, 4);
  bytes.writeInt32LE(opcode, 12);
  body.copy(bytes, 16);
  return bytes;
}

/** A command as OP_MSG, with documents in a section of their own where some are given. */
export function command(requestId: number, document: object, documents?: readonly object[]): Buffer {
  const parts = [Buffer.alloc(4), Buffer.from([0]), Buffer.from(BSON.serialize(document))];
  if (documents) {
    const section = Buffer.concat([Buffer.from('documents\0'), ...documents.map((one) => Buffer.from(BSON.serialize(one)))]);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeInt32LE(section.length + 4, 1);
    parts.push(head, section);
  }
  return message(opMsg, requestId, Buffer.concat(parts));
}

function legacyHello(requestId: number): Buffer {
  const head = Buffer.alloc(4);
  const range = Buffer.alloc(8);
  range.writeInt32LE(-1, 4);
  return message(opQuery, requestId, Buffer.concat([head, Buffer.from('admin.$cmd\0'), range, Buffer.from(BSON.serialize({ hello: 1, helloOk: true }))]));
}

function compressed(plain: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeInt32LE(opMsg, 0);
  head.writeInt32LE(plain.length - 16, 4);
  head[8] = 2;
  return message(opCompressed, plain.readInt32LE(4), Buffer.concat([head, deflateSync(plain.subarray(16))]));
}

function nested(depth: number): object {
  let inner: object = { end: 1 };
  for (let level = 0; level < depth; level++) inner = { in: inner };
  return inner;
}

/** Messages in order, of every kind that clients send: what is damaged. */
export function soundMessages(database: string): ((requestId: number) => Buffer)[] {
  const run = (document: object, documents?: readonly object[]) => (id: number) => command(id, { ...document, $db: database }, documents);
  const value = { n: 1, long: BSON.Long.fromNumber(5), decimal: BSON.Decimal128.fromString('1.5'), text: 'täxt', list: [1, [2], { a: null }], at: new Date(0), id: new BSON.ObjectId(), bytes: new BSON.Binary(Buffer.from('abc')), pattern: /a(b+)+c/i };
  return [
    run({ ping: 1 }), run({ hello: 1 }), run({ insert: 'things', ordered: false }, [value, { _id: 1 }]), run({ insert: 'things', documents: [value] }),
    run({ find: 'things', filter: { 'list.a': { $in: [null, 1, /x/] }, $or: [{ n: { $gt: 0 } }, { $expr: { $eq: ['$n', 1] } }] }, sort: { n: -1 }, projection: { list: { $slice: [0, 1] } }, batchSize: 1 }),
    run({ update: 'things', updates: [{ q: { n: 1 }, u: { $set: { 'list.$[].a': 1 }, $inc: { n: 1 } }, multi: true }, { q: {}, u: [{ $set: { m: { $add: ['$n', 1] } } }] }] }),
    run({ delete: 'things', deletes: [{ q: { n: { $lt: -5 } }, limit: 1 }] }),
    run({ aggregate: 'things', pipeline: [{ $match: { n: { $type: 'number' } } }, { $group: { _id: '$n', all: { $push: '$$ROOT' } } }, { $lookup: { from: 'things', localField: '_id', foreignField: 'n', as: 'same' } }, { $limit: 2 }], cursor: {} }),
    run({ findAndModify: 'things', query: { n: 1 }, update: { $push: { list: { $each: [1], $sort: 1 } } }, new: true, upsert: true }),
    run({ createIndexes: 'things', indexes: [{ key: { n: 1, 'list.a': -1 }, name: 'n' }] }), run({ count: 'things', query: nested(30) }), run({ distinct: 'things', key: 'list.a' }),
    run({ listCollections: 1 }), run({ getMore: BSON.Long.fromNumber(99), collection: 'things' }), run({ killCursors: 'things', cursors: [BSON.Long.fromNumber(1)] }),
    run({ create: 'capped', capped: true, size: 4096 }), run({ collMod: 'things', validator: { $jsonSchema: { required: ['n'] } }, validationLevel: 'off' }),
    run({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: new BSON.Binary(Buffer.from('n,,n=a,r=b')) }), run({ explain: { find: 'things', filter: { n: 1 } } }),
    run({ insert: 'things', lsid: { id: new BSON.UUID() }, txnNumber: BSON.Long.fromNumber(1) }, [{ deep: nested(150) }]),
    legacyHello, (id) => compressed(command(id, { ping: 1, $db: database })), (id) => compressed(command(id, { insert: 'things', $db: database }, [value])),
  ];
}

/** Does some harm to a message: what a broken network, a broken client or an attacker may send. */
export function damaged(sound: Buffer, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  let bytes = Buffer.from(sound);
  const lengths = [0, 1, -1, 5, 15, 16, 0x7fffffff, -0x80000000, 48_000_001, bytes.length - 1, bytes.length + 1];
  // Most often one byte behind the head is another: what gets past the framing, and meets the commands.
  if (random() < 0.6) {
    bytes[20 + below(bytes.length - 20)] = below(256);
    return bytes;
  }
  for (let harm = 0; harm <= below(3); harm++) {
    switch (1 + below(7)) {
      case 1: for (let count = 0; count < 8; count++) bytes[below(bytes.length)] = below(256); break;
      case 2: bytes.writeInt32LE(lengths[below(lengths.length)] as number, below(Math.max(1, bytes.length - 3))); break;
      case 3: bytes = ofItsLength(bytes.subarray(0, 16 + below(Math.max(1, bytes.length - 16)))); break;
      case 4: { const at = 16 + below(bytes.length - 15); bytes = ofItsLength(Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length: 1 + below(40) }, () => below(256))), bytes.subarray(at)])); break; }
      case 5: bytes.writeInt32LE(lengths[below(lengths.length)] as number, 0); break;
      case 6: bytes.writeInt32LE([1, 2001, 2004, 2005, 2010, 2012, 2013, -1][below(8)] as number, 12); break;
      default: bytes.writeUInt32LE(below(0xffffffff), 16); break;
    }
    if (bytes.length < 24) break;
  }
  return bytes;
}

function ofItsLength(bytes: Buffer): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  copy.writeInt32LE(copy.length, 0);
  return copy;
}
