/** Client id metadata documents without what may be left out of them, so that they are held to the rules of registration. */
import { LRUCache } from 'lru-cache';
import { keepKnown } from './clients.ts';

// The library takes no more than 5 KB.
const mostBytes = 8 * 1024;

const readText = async (response: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of response.body ?? []) {
    received += chunk.length;
    if (received > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const mend = (text: string): string => {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return text;
    // A secret is the library's to refuse, and keys that are fetched are no document.
    const kept: Record<string, unknown> = { ...document };
    if ('client_id' in kept) keepKnown(kept);
    return JSON.stringify(kept);
  } catch {
    // The library says of what is no JSON that it is none.
    return text;
  }
};

// The library asks again when a document fails, to see where its error page may lead; anybody can have one asked for.
const rememberedMs = 10_000;
const rememberedDocuments = 100;

/** The fetch, with the outcome of each address kept for ten seconds, be it a failure. */
const onceEach = (fetch: typeof globalThis.fetch): typeof globalThis.fetch => {
  const outcomes = new LRUCache<string, Promise<Response>>({ max: rememberedDocuments, ttl: rememberedMs });
  return async (input, init) => {
    const address = String(input instanceof Request ? input.url : input);
    const outcome = outcomes.get(address) ?? fetch(input, init);
    outcomes.set(address, outcome, { noUpdateTTL: true });
    return (await outcome).clone();
  };
};

const mended =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (response.status !== 200) return response;
    const text = await readText(response);
    if (text === undefined) return new Response(null, { status: 413 });
    const headers = new Headers(response.headers);
    for (const name of ['content-length', 'content-encoding']) headers.delete(name);
    return new Response(mend(text), { status: 200, headers });
  };

/**
 * The fetch, with its documents mended, and each asked for once in ten seconds. One that is too large is answered as 413,
 * which the library refuses.
 */
export const mendedFetch = (fetch: typeof globalThis.fetch): typeof globalThis.fetch => onceEach(mended(fetch));
