/**
 * A zip archive that is the same for the same files: Lambda, and Terraform with it, take any other byte for a new
 * version. Archivers write the files' times and modes, and in no certain order.
 */
import { crc32, deflateRawSync } from 'node:zlib';

/** Files by their path in the archive, with / between folders. */
export type Files = ReadonlyMap<string, Uint8Array>;

// PKWARE APPNOTE 6.3.3: fields are little endian; the time is the first one there is, 1980-01-01 00:00:00.
const version = 20;
const deflated = 8;
const utf8Names = 1 << 11;
const firstTime = [0, 0x21] as const;
const unix = 3 << 8;
const readableByAll = (0o100644 << 16) >>> 0;

const u16 = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const u32 = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);

interface Entry {
  readonly local: Buffer;
  /** Its entry in the directory, which says where `local` begins. */
  readonly central: (offset: number) => Buffer;
}

const entryOf = (path: string, content: Uint8Array): Entry => {
  const name = Buffer.from(path);
  const data = deflateRawSync(content, { level: 9 });
  const common = Buffer.concat([
    u16(version, utf8Names, deflated, ...firstTime),
    u32(crc32(content), data.length, content.length),
    u16(name.length, 0),
  ]);
  return {
    local: Buffer.concat([u32(0x04034b50), common, name, data]),
    central: (offset) =>
      Buffer.concat([u32(0x02014b50), u16(unix | version), common, u16(0, 0, 0), u32(readableByAll, offset), name]),
  };
};

export const zip = (files: Files): Buffer => {
  // By code unit, which is the same everywhere.
  const entries = [...files.keys()].sort().map((path) => entryOf(path, files.get(path) ?? new Uint8Array()));
  let offset = 0;
  const directory = entries.map(({ local, central }) => {
    const record = central(offset);
    offset += local.length;
    return record;
  });
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.concat([u32(0x06054b50), u16(0, 0, entries.length, entries.length), u32(size, offset), u16(0)]);
  return Buffer.concat([...entries.map(({ local }) => local), ...directory, end]);
};
