/** DNS, TLS and HTTP as somebody outside sees them. */
import { Resolver } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect } from 'node:tls';

export interface Handshake {
  /** Why a client would not trust it; undefined where it would. */
  readonly fault: string | undefined;
  readonly validTo: Date;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly milliseconds: number;
}

export interface Network {
  /** Addresses of a name. @throws Error with the resolver's code */
  resolve(host: string): Promise<readonly string[]>;
  /** @param at where to connect to instead of the name's own address */
  handshake(host: string, at?: string): Promise<Handshake>;
  get(url: string, at?: string): Promise<Answer>;
}

export interface NetworkOptions {
  readonly timeoutMs: number;
  /** Where a connection really goes, for tests. Default: where it says. */
  readonly route?: (host: string, port: number) => { readonly host: string; readonly port: number };
  /** Authorities besides those of Node.js. */
  readonly ca?: string;
}

const MOST_BYTES = 65_536;

/** SNI is for names only. */
const nameOf = (host: string): { servername?: string } => (isIP(host) === 0 ? { servername: host } : {});

const handshake = (host: string, at: string, { timeoutMs, ca, route }: NetworkOptions): Promise<Handshake> =>
  new Promise((resolve, reject) => {
    const to = route?.(at, 443) ?? { host: at, port: 443 };
    // It is looked at, also when it cannot be trusted; nothing is sent.
    const socket = connect({ ...to, ...nameOf(host), ca, rejectUnauthorized: false, timeout: timeoutMs }, () => {
      const { valid_to } = socket.getPeerCertificate();
      const fault = socket.authorized ? undefined : String(socket.authorizationError);
      socket.destroy();
      resolve({ fault, validTo: new Date(valid_to) });
    });
    socket.once('timeout', () => socket.destroy(new Error(`no handshake within ${timeoutMs / 1000} s`)));
    socket.once('error', reject);
  });

const get = (address: string, at: string | undefined, options: NetworkOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { timeoutMs, route, ca } = options;
    const url = new URL(address);
    const secure = url.protocol === 'https:';
    const host = at ?? url.hostname;
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const begun = Date.now();
    const request = (secure ? secureRequest : plainRequest)(
      {
        ...(route?.(host, port) ?? { host, port }),
        path: url.pathname,
        ...nameOf(url.hostname),
        ca,
        headers: { host: url.host, 'user-agent': 'countersign-doctor', accept: 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (body.length < MOST_BYTES) body += chunk;
        });
        response.once('error', reject);
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, body, milliseconds: Date.now() - begun });
        });
      },
    );
    request.once('error', (error) => {
      reject(error.name === 'AbortError' ? new Error(`none within ${timeoutMs / 1000} s`) : error);
    });
    request.end();
  });

export const openNetwork = (options: NetworkOptions): Network => ({
  resolve: async (host) => {
    const resolver = new Resolver({ timeout: options.timeoutMs, tries: 1 });
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = [four, six].flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  },
  handshake: (host, at = host) => handshake(host, at, options),
  get: (url, at) => get(url, at, options),
});
