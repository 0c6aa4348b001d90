/** One request to a host that may have to be reached at another address than its name's. */
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';

export interface Asked {
  readonly url: string;
  /** Host to connect to, where the name leads to another region. */
  readonly at?: string | undefined;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 4_000_000;

/** @throws Error of the network; it repeats no header */
export const ask = ({ url: address, at, method, headers, body }: Asked): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const url = new URL(address);
    const secure = url.protocol === 'https:';
    const request = (secure ? secureRequest : plainRequest)(
      {
        host: at ?? url.hostname,
        port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
        path: url.pathname + url.search,
        method,
        ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
        headers: { host: url.host, 'user-agent': 'countersign-cutover', ...headers },
        // A connection that is kept would end at one target.
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (text.length < MOST_BYTES) text += chunk;
        });
        response.once('error', reject);
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    request.once('error', (error) => {
      reject(error.name === 'AbortError' ? new Error(`no answer within ${TIMEOUT_MS / 1000} s`) : error);
    });
    request.end(body);
  });
