/** Reads what an Excel file is made of. */
import { inflateRawSync } from 'node:zlib';

export /** The files of a zip archive, by its central directory (APPNOTE 4.3.12). */
const unzip = (bytes: Uint8Array): Map<string, string> => {
  const zip = Buffer.from(bytes);
  const files = new Map<string, string>();
  for (
    let at = zip.indexOf('PK\u0001\u0002', 0, 'latin1');
    at >= 0;
    at = zip.indexOf('PK\u0001\u0002', at + 46, 'latin1')
  ) {
    const [method, size, name] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + size);
    files.set(
      zip.subarray(at + 46, at + 46 + name).toString(),
      (method === 0 ? content : inflateRawSync(content)).toString(),
    );
  }
  return files;
};
