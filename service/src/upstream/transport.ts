/** Sends one request and reads its answer whole: connections, time, bytes and addresses have their limits here. */
import type { Dispatcher, buildConnector as types } from 'undici';
import { type AddressGuard, AddressRefused, isRefusedLiteral, publicAddresses, publicLookup } from './public-lookup.ts';
import { Agent, buildConnector, interceptors, request } from './undici.ts';

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** Whether the body of an answer with this status is read. Default: of every one. What is not read may be of any size. */
  readonly reads?: (status: number) => boolean;
}

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; a repeated header joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Transport {
  /** @throws an error of Node, of undici or AddressRefused; whatever the signal was aborted with */
  send(request: WireRequest): Promise<WireAnswer>;
  close(): Promise<void>;
}

export interface TransportParts {
  /** Milliseconds until a connection stands, TLS included. */
  readonly connectMs: number;
  /** Of a body as it is sent, and of the same decompressed. */
  readonly mostBytes: number;
  /** Connections per host. Default: as many as there are calls. */
  readonly atOnce?: number;
  /** Hosts that whoever operates the service chose, so that their addresses may be private. Default: none. */
  readonly trusts?: (hostname: string) => boolean;
  /** For tests. */
  readonly guard?: AddressGuard;
}

/** Idle connections are closed before a load balancer at the other end closes them in the middle of a request. */
const IDLE_MS = 4_000;

const connectorOf = ({ connectMs, trusts = () => false, guard = publicAddresses }: TransportParts) => {
  const common = { timeout: connectMs, allowH2: false };
  const trusted = buildConnector(common);
  const guarded = buildConnector({ ...common, lookup: publicLookup(guard) });
  const connect: types.connector = (options, done) => {
    if (trusts(options.hostname)) return trusted(options, done);
    if (isRefusedLiteral(options.hostname, guard))
      return done(new AddressRefused('the address is not public; nothing is connected'), null);
    return guarded(options, done);
  };
  return connect;
};

const bodyOf = async ({ body }: Dispatcher.ResponseData, read: boolean): Promise<Buffer> => {
  if (read) return Buffer.from(await body.arrayBuffer());
  // What is left of it ends the connection; that is no failure.
  body.on('error', () => {}).destroy();
  return Buffer.alloc(0);
};

export const openTransport = (parts: TransportParts): Transport => {
  const { mostBytes, atOnce } = parts;
  const agent = new Agent({
    connect: connectorOf(parts),
    ...(atOnce === undefined ? {} : { connections: atOnce }),
    // One request per connection, so that an answer that hangs holds up no other.
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    maxResponseSize: mostBytes,
    // The signal of a request is its clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const dispatcher = agent.compose(interceptors.decompress({ skipErrorResponses: false, maxSize: mostBytes }));
  return {
    send: async ({ method, url, headers, body, signal, reads = () => true }) => {
      const answer = await request(url, {
        dispatcher,
        method: method as 'GET',
        headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
        ...(body === undefined ? {} : { body }),
        signal,
      });
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')]),
        ),
        body: await bodyOf(answer, reads(answer.statusCode)),
      };
    },
    close: () => agent.destroy(),
  };
};
