/** An HTTP server that passes requests on, and whose maker sees each with its answer. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Relay {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Relayed {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly status: number;
  /** Of the answer. */
  readonly text: string;
}

/** The body is sent anew, as a whole and as it is. */
const ofTheWire = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'connection']);

const forward = async (target: string, request: IncomingMessage, body: Buffer) => {
  const headers = Object.entries(request.headers).filter(([name]) => name !== 'host' && !ofTheWire.has(name));
  const answer = await fetch(new URL(request.url ?? '/', target), {
    method: request.method ?? 'GET',
    headers: headers.map(([name, value = '']): [string, string] => [name, String(value)]),
    redirect: 'manual',
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  return { status: answer.status, headers: [...answer.headers], text: await answer.text() };
};

/** @param answer what is answered in place of the text; undefined: nothing, the connection breaks */
export const startRelay = async (target: string, answer: (relayed: Relayed) => string | undefined): Promise<Relay> => {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { status, headers, text } = await forward(target, request, body);
    const told = answer({ request, body: body.toString(), status, text });
    if (told === undefined) {
      request.socket.destroy();
      return;
    }
    for (const [name, value] of headers) if (!ofTheWire.has(name)) response.appendHeader(name, value);
    response.writeHead(status).end(told);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
