/**
 * The listener of the process. It is there before anything else is opened: a port that is in use is found out before
 * a store is touched, and whoever asks meanwhile learns that the service starts.
 */
import { lookup } from 'node:dns/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { requestLimits } from './guards.ts';

export interface ListenerOptions {
  readonly host: string;
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Seconds a connection without a request stays open. */
  readonly keepAliveSeconds: number;
}

export interface Listener {
  readonly port: number;
  /** One per address of the host. */
  readonly servers: readonly Server[];
  /** From now on requests reach this. Until then they are answered with 503. */
  serve(handler: RequestListener): void;
  /** Accepts nothing new, and resolves when the last request has its answer. Safe to call again. */
  close(): Promise<void>;
}

const starting: RequestListener = (_request, response) => {
  const body = JSON.stringify({ ready: false, reasons: ['starting'] });
  response.writeHead(503, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '1',
    connection: 'close',
  });
  response.end(body);
};

/** localhost is two addresses on most machines, and clients choose either. */
const addressesOf = async (host: string): Promise<readonly string[]> =>
  host === 'localhost' ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];

const bound = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

/** @throws the listener's error, such as EADDRINUSE; nothing stays open */
export const listen = async ({ host, port, keepAliveSeconds }: ListenerOptions): Promise<Listener> => {
  const { requestTimeout, http, clientErrorHandler } = requestLimits();
  const limits = { ...http, requestTimeout, keepAliveTimeout: keepAliveSeconds * 1000 };
  let handler = starting;
  const servers: Server[] = [];
  const close = async () => {
    await Promise.all(servers.map(closed));
  };
  let at = port;
  try {
    for (const address of await addressesOf(host)) {
      const server = createServer(limits, (request, response) => handler(request, response));
      server.on('clientError', clientErrorHandler);
      at = await bound(server, address, at);
      servers.push(server);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port: at,
    servers,
    serve: (next) => {
      handler = next;
    },
    close,
  };
};
