/**
 * A stand-in for Google on loopback: one server for all its APIs, which speaks their protocol and keeps state. The production
 * clients run against it unchanged. What each API answers is an area of its own.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface StandInRequest {
  readonly method: string;
  /** As it was sent: `%2F` stays within its segment. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
  readonly now: Date;
}

export interface StandInAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON. Absent: no body. */
  readonly body?: unknown;
}

/** One API. @returns undefined for what is not its own */
export type Area = (request: StandInRequest) => StandInAnswer | undefined | Promise<StandInAnswer | undefined>;

/** What the next call does instead: an answer, no answer at all, or an answer after it was done that does not arrive. */
export type Fault = StandInAnswer | 'hang' | 'lost';

export interface StandIn {
  readonly url: string;
  /** All calls so far, without their bodies' meaning. */
  readonly calls: readonly StandInRequest[];
  /** The next `times` calls whose method and path match go wrong. */
  fail(call: RegExp, fault: Fault, times?: number): void;
  close(): Promise<void>;
}

/** As Google answers what it refuses. */
export const refused = (code: number, status: string, message: string, reason?: string): StandInAnswer => ({
  status: code,
  body: { error: { code, message, status, ...(reason !== undefined && { errors: [{ reason, message }] }) } },
});

const requestOf = async (incoming: IncomingMessage, now: Date): Promise<StandInRequest> => {
  const { method = 'GET', url = '/', headers } = incoming;
  const [path = '/', query = ''] = url.split('?');
  const sent = await text(incoming);
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: parsed(sent),
    now,
  };
};

const parsed = (sent: string): unknown => {
  try {
    return sent === '' ? undefined : JSON.parse(sent);
  } catch {
    return sent;
  }
};

const unknownCall = refused(404, 'NOT_FOUND', 'The requested URL was not found on this server.');

const broken = refused(500, 'INTERNAL', 'Internal error encountered.', 'backendError');

/** A call that breaks an area ends as an answer: thrown from a listener, it would end the whole service. */
const answerOf = async (areas: readonly Area[], request: StandInRequest): Promise<StandInAnswer> => {
  try {
    for (const area of areas) {
      const answer = await area(request);
      if (answer !== undefined) return answer;
    }
  } catch {
    return broken;
  }
  return unknownCall;
};

/** @returns once it listens on a free port of loopback */
export const startStandIn = async (areas: readonly Area[], now: () => Date): Promise<StandIn> => {
  const calls: StandInRequest[] = [];
  const faults: { readonly call: RegExp; readonly fault: Fault; left: number }[] = [];
  const faultOf = ({ method, path }: StandInRequest): Fault | undefined => {
    const found = faults.find(({ call, left }) => left > 0 && call.test(`${method} ${path}`));
    if (found) found.left -= 1;
    return found?.fault;
  };
  const server = createServer(async (incoming, outgoing) => {
    const request = await requestOf(incoming, now());
    calls.push(request);
    const fault = faultOf(request);
    if (fault === 'hang') return;
    const { status = 200, headers, body } = typeof fault === 'object' ? fault : await answerOf(areas, request);
    if (fault === 'lost') return void incoming.socket.destroy();
    outgoing.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in for Google has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    fail: (call, fault, times = 1) => void faults.push({ call, fault, left: times }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
