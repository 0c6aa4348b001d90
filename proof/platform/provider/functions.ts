/**
 * Where functions are in a program that Go has made, which every such program keeps to name them in stack traces, stripped or not.
 * https://github.com/golang/go/blob/go1.24.4/src/debug/gosym/pclntab.go
 */
import { type FileHandle, open } from 'node:fs/promises';

/** Addresses in memory. */
export interface Placed {
  readonly start: number;
  /** Where the next function starts; what is between is filled up with INT3. */
  readonly end: number;
}

interface Section {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

const readAt = async (file: FileHandle, offset: number, size: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
};

const textAt = (bytes: Buffer, from: number): string => bytes.toString('latin1', from, bytes.indexOf(0, from));

/** https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.sheader.html */
const sectionsOf = async (file: FileHandle): Promise<readonly Section[]> => {
  const header = await readAt(file, 0, 64);
  const [size, count, names] = [header.readUInt16LE(58), header.readUInt16LE(60), header.readUInt16LE(62)];
  const table = await readAt(file, Number(header.readBigUInt64LE(40)), size * count);
  const found = Array.from({ length: count }, (_, index) => {
    const at = index * size;
    const amount = (offset: number): number => Number(table.readBigUInt64LE(at + offset));
    return { name: table.readUInt32LE(at), address: amount(16), offset: amount(24), size: amount(32) };
  });
  const named = found[names];
  const texts = named === undefined ? Buffer.alloc(1) : await readAt(file, named.offset, named.size);
  return found.map((section) => ({ ...section, name: textAt(texts, section.name) }));
};

/** What is read of the table at once: it is 190 MB long. */
const BLOCK = 2 ** 20;

/** Reads numbers of four bytes whose offsets mostly grow. */
const forward = (file: FileHandle, base: number) => {
  let block: Buffer = Buffer.alloc(0);
  let from = 0;
  return async (offset: number): Promise<number> => {
    if (offset < from || offset + 4 > from + block.length) {
      block = await readAt(file, base + offset, BLOCK);
      from = offset;
    }
    return block.readUInt32LE(offset - from);
  };
};

// Of Go 1.20 and later.
const MAGIC = 0xfffffff1;
const HEADER = 72;

const lookUp = async (file: FileHandle, names: ReadonlySet<string>): Promise<ReadonlyMap<string, Placed>> => {
  if ((await readAt(file, 0, 4)).toString('latin1') !== '\x7fELF') return new Map();
  const table = (await sectionsOf(file)).find(({ name }) => name === '.gopclntab');
  if (table === undefined) return new Map();
  const header = await readAt(file, table.offset, HEADER);
  if (header.readUInt32LE(0) !== MAGIC) return new Map();
  const numbers = Array.from({ length: 8 }, (_, index) => Number(header.readBigUInt64LE(8 + index * 8)));
  const [count = 0, , text = 0, nameTable = 0, afterNames = 0, , , functions = 0] = numbers;
  const texts = await readAt(file, table.offset + nameTable, afterNames - nameTable);
  const offsets = new Map([...names].map((name) => [texts.indexOf(`\0${name}\0`, 0, 'latin1') + 1, name]));
  // Those that were not found, at the table's beginning, where the empty name is.
  offsets.delete(0);
  const entries = await readAt(file, table.offset + functions, count * 8 + 4);
  const nameOf = forward(file, table.offset + functions);
  const found = new Map<string, Placed>();
  for (let at = 0; at < count * 8 && found.size < offsets.size; at += 8) {
    const name = offsets.get(await nameOf(entries.readUInt32LE(at + 4) + 4));
    if (name === undefined) continue;
    found.set(name, { start: text + entries.readUInt32LE(at), end: text + entries.readUInt32LE(at + 8) });
  }
  return found;
};

/** @returns by name; without those that are not in it, and empty where it is no program of Go for Linux */
export const functionsIn = async (
  program: string,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Placed>> => {
  const file = await open(program);
  try {
    return await lookUp(file, names);
  } finally {
    await file.close();
  }
};
