/** Objects in memory, for tests that write thousands of them, or that want something to happen between two writes. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { checkFolder, checkKey, checkPage } from '../../src/objects/keys.ts';
import type { ObjectEngine, ObjectFacts, Objects } from '../../src/ports/objects.ts';

interface Kept extends ObjectFacts {
  readonly contentType: string;
  readonly bytes: Buffer;
}

const bytesOf = async (body: Parameters<Objects['put']>[1]): Promise<Buffer> =>
  typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : buffer(Readable.from(body));

export interface MemoryObjects extends ObjectEngine {
  link: Objects['link'];
  /** Verbs that were called, by name. */
  readonly calls: Record<'put' | 'get' | 'head' | 'list' | 'remove', number>;
  /** Awaited before each verb is carried out: the place for something else to happen. */
  before(verb: string, key: string): Promise<void>;
}

export const openMemoryObjects = (): MemoryObjects => {
  const kept = new Map<string, Kept>();
  let writes = 0;
  const factsOf = ({ contentType: _type, bytes: _bytes, ...facts }: Kept): ObjectFacts => facts;
  const objects: MemoryObjects = {
    calls: { put: 0, get: 0, head: 0, list: 0, remove: 0 },
    before: async () => {},
    put: async (key, body, { contentType = 'application/octet-stream', ifNoneMatch, ifMatch } = {}) => {
      objects.calls.put += 1;
      checkKey(key);
      const bytes = await bytesOf(body);
      await objects.before('put', key);
      const found = kept.get(key);
      if (ifNoneMatch !== undefined && found !== undefined) return undefined;
      if (ifMatch !== undefined && found?.etag !== ifMatch) return undefined;
      writes += 1;
      const written = { key, size: bytes.length, etag: `"${writes}"`, writtenAt: new Date(), contentType, bytes };
      kept.set(key, written);
      return factsOf(written);
    },
    get: async (key) => {
      objects.calls.get += 1;
      await objects.before('get', checkKey(key));
      const found = kept.get(key);
      return found && { ...factsOf(found), contentType: found.contentType, body: Readable.from([found.bytes]) };
    },
    head: async (key) => {
      objects.calls.head += 1;
      await objects.before('head', checkKey(key));
      const found = kept.get(key);
      return found && factsOf(found);
    },
    list: async (folder, page) => {
      objects.calls.list += 1;
      const { limit, cursor } = checkPage(page);
      await objects.before('list', checkFolder(folder));
      const keys = [...kept.keys()].filter((key) => key.startsWith(folder) && (cursor === undefined || key > cursor));
      const items = keys
        .sort()
        .slice(0, limit)
        .flatMap((key) => kept.get(key) ?? [])
        .map(factsOf);
      const last = items.at(-1);
      return { items, ...(keys.length > limit && last !== undefined && { cursor: last.key }) };
    },
    remove: async (key) => {
      objects.calls.remove += 1;
      await objects.before('remove', checkKey(key));
      kept.delete(key);
    },
    link: async (key) => ({ url: `http://localhost:3000/download/${key}`, expiresAt: '2026-12-31T00:00:00.000Z' }),
    handOver: async () => undefined,
    close: () => {},
  };
  return objects;
};
