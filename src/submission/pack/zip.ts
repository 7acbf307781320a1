import { crc32 } from 'node:zlib';

/** The comment of an archive of ours: by it we know that we may write a newer one over it. */
const packComment = 'packed by mongo-course';

const localHeaderSize = 30;
const centralHeaderSize = 46;
const endSize = 22;
/** Names are UTF-8. */
const flags = 0x0800;
/** 1 January 1980, the first day that a zip knows: no clock, so that the same files make the same bytes. */
const date = 0x0021;
/** Made on a Unix, by version 2.0 of the format: then the file's mode is believed. */
const madeBy = 0x0314;
const version = 20;
const regularFile = 0o100644;

/**
 * A zip of these files, in the order of their names. Nothing is compressed, since what compresses differs between
 * versions of Node.js: the same files are the same bytes everywhere. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @param files contents by path, forward slashes
 */
export function zipOf(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path);
    const about = described(name, bytes);
    const local = Buffer.alloc(localHeaderSize);
    local.writeUInt32LE(0x04034b50, 0);
    about.copy(local, 4);
    const central = Buffer.alloc(centralHeaderSize);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(madeBy, 4);
    about.copy(central, 6);
    central.writeUInt32LE(regularFile * 0x10000, 38);
    central.writeUInt32LE(offset, 42);
    parts.push(local, name, bytes);
    directory.push(central, name);
    offset += local.length + name.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(endSize);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(packComment.length, 20);
  return Buffer.concat([...parts, central, end, Buffer.from(packComment)]);
}

/** The fields that both headers of a file have, in one order. */
function described(name: Buffer, bytes: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(version, 0);
  fields.writeUInt16LE(flags, 2);
  fields.writeUInt16LE(date, 8);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(bytes.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

/** True where a file's bytes are a zip that was made here. */
export const isOurs = (bytes: Buffer): boolean => bytes.length > endSize && bytes.readUInt32LE(0) === 0x04034b50 && bytes.subarray(-packComment.length).toString() === packComment;
