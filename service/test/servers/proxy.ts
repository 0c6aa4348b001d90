import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface TestProxy {
  readonly url: string;
  /** The next so many requests are carried out, and their answers lost. */
  lose(answers: number): void;
  /** Answers lost so far. */
  lost(): number;
  stop(): Promise<void>;
}

const forward = async (target: string, request: IncomingMessage) => {
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
  const body = await buffer(request);
  const answer = await fetch(new URL(request.url ?? '/', target), {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
};

/** What of an answer still holds of it as it was read. One to HEAD has no body, and says how long that would be. */
const answered = (headers: Headers, method: string | undefined, bytes: number): Record<string, string> => {
  const {
    'content-encoding': _encoding,
    'content-length': length,
    'transfer-encoding': _transfer,
    connection: _connection,
    ...rest
  } = Object.fromEntries(headers);
  // S3 says how long an object is, and a body without that would go out in chunks.
  const own = method === 'HEAD' ? length : bytes > 0 ? String(bytes) : undefined;
  return { ...rest, ...(own !== undefined && { 'content-length': own }) };
};

/** Whoever waits for messages would hold up everybody else for twenty seconds, and queues have no transactions. */
const isOfQueue = ({ headers }: IncomingMessage): boolean => String(headers['x-amz-target']).startsWith('AmazonSQS.');

/**
 * Stands in front of an HTTP server. It passes on one request at a time, for moto does not isolate transactions from each
 * other (one that is undone undoes those done meanwhile), and it loses answers when told to, as a broken connection would.
 */
export const startProxy = async (target: string): Promise<TestProxy> => {
  let losing = 0;
  let lost = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const answer = isOfQueue(request) ? forward(target, request) : turn.then(() => forward(target, request));
    if (!isOfQueue(request)) turn = answer.catch(() => {});
    const { status, headers, body } = await answer.catch(() => ({ status: 502, headers: new Headers(), body: '' }));
    if (losing > 0) {
      losing -= 1;
      lost += 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(status, answered(headers, request.method, body.length)).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    lose: (answers) => {
      losing = answers;
    },
    lost: () => lost,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
