/** The fetch of client id metadata documents and of clients' keys, whose addresses anybody may name. */
import { type AddressGuard, publicAddresses } from '../../upstream/public-lookup.ts';

// A document is 5 KB at most; keys may take more.
const mostBytes = 64 * 1024;
const CONNECT_MS = 5_000;

/** A GET over https to public addresses, without redirects and without a proxy, which would resolve names itself. */
export const createGuardedFetch =
  (guard: AddressGuard): typeof fetch =>
  async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== 'https:') throw new Error('only https is fetched');
    const { openTransport } = await import('../../upstream/transport.ts');
    const transport = openTransport({ connectMs: CONNECT_MS, mostBytes, guard });
    try {
      const { status, headers, body } = await transport.send({
        method: 'GET',
        url,
        headers: Object.fromEntries(new Headers(init?.headers)),
        signal: init?.signal ?? AbortSignal.timeout(2 * CONNECT_MS),
      });
      // 204, 205 and 304 have no body, and are no document either.
      const empty = status === 204 || status === 205 || status === 304;
      return new Response(empty ? null : new Uint8Array(body), { status, headers });
    } finally {
      await transport.close();
    }
  };

export const guardedFetch = createGuardedFetch(publicAddresses);
