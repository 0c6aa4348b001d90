/**
 * The fetch of client id metadata documents and of clients' keys, whose addresses anybody may name. A name is resolved in
 * the connection itself and only to public addresses, so nothing inside gets even a TCP connection, and a name that
 * resolves to something else a moment later gains nothing. The library's own guard connects first and looks then.
 */
import dns, { type LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

interface Parts {
  /** All addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly LookupAddress[]>;
  readonly isPublic: (address: string) => boolean;
}

// A document is 5 KB at most; keys may take more.
const mostBytes = 64 * 1024;

const resolveAll: Parts['resolve'] = (name) =>
  new Promise((resolve, reject) => {
    dns.lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

const publicLookup =
  ({ resolve, isPublic }: Parts): LookupFunction =>
  (name, { all }, done) => {
    resolve(name)
      .then((addresses) => {
        const reachable = addresses.filter(({ address }) => isPublic(address));
        const [first] = reachable;
        if (!first) throw new Error('the name has no public address; nothing is connected');
        if (all) done(null, [...reachable]);
        else done(null, first.address, first.family);
      })
      .catch((error: Error) => done(error, ''));
  };

const readAll = async (response: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    received += bytes.length;
    if (received > mostBytes) throw new Error(`the answer is over ${mostBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const headersOf = ({ headers }: IncomingMessage): Headers =>
  new Headers(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );

/** A GET over https without redirects and without a proxy, which would resolve names itself. */
export const createGuardedFetch =
  (parts: Parts): typeof fetch =>
  async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== 'https:') throw new Error('only https is fetched');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        url,
        {
          agent: false,
          headers: Object.fromEntries(new Headers(init?.headers)),
          lookup: publicLookup(parts),
          ...(init?.signal && { signal: init.signal }),
        },
        resolve,
      )
        .on('error', reject)
        .end();
    });
    const status = response.statusCode ?? 0;
    const body = await readAll(response);
    // 204, 205 and 304 have no body, and are no document either.
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(empty ? null : new Uint8Array(body), { status, headers: headersOf(response) });
  };

export const guardedFetch = createGuardedFetch({ resolve: resolveAll, isPublic: isPublicAddress });
