/** An HTTP(S) server on loopback that answers as a test says, and keeps what it was asked. */
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

export interface Asked {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Answering = (response: ServerResponse, asked: Asked, nth: number) => void;

export interface StandIn {
  readonly url: string;
  readonly asked: Asked[];
  /** Answers so from now on, and forgets what it was asked. */
  answer(answering: Answering): void;
  close(): void;
}

/** What a server shows over TLS, and the name that it is valid for. */
export interface Identity {
  readonly name: string;
  readonly key: string;
  readonly cert: string;
}

/**
 * @param identity makes it speak TLS; its URL has that name
 * @example await openStandIn((response) => response.end('[]'))
 */
export const openStandIn = async (first: Answering, identity?: Identity): Promise<StandIn> => {
  const asked: Asked[] = [];
  let answering = first;
  const listener: RequestListener = async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const one: Asked = { method, target: url, headers, body: Buffer.concat(chunks).toString() };
    asked.push(one);
    answering(response, one, asked.length);
  };
  const server = identity === undefined ? createServer(listener) : createTlsServer(identity, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the stand-in has no port');
  return {
    url: identity === undefined ? `http://127.0.0.1:${address.port}` : `https://${identity.name}:${address.port}`,
    asked,
    answer: (next) => {
      answering = next;
      asked.length = 0;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
