/** A stand-in for the network before moto: passes calls on, and answers some of them itself, as AWS does when it fails. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export interface UpstreamCall {
  /** Signing name of the service: ec2, tagging, sts, ce. */
  readonly service: string;
  readonly region: string;
  /** Whose credentials signed it. */
  readonly accessKeyId: string;
  readonly method: string;
  readonly path: string;
  /** Operation, from the target header or the form; the path where there is neither. */
  readonly action: string;
  readonly body: string;
}

/** An answer in place of moto's; 'hang' never answers, 'reset' closes the connection. */
export type Answer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly xml: string }
  | { readonly status: number; readonly html: string }
  | 'hang'
  | 'reset'
  | undefined;

export interface Edge {
  readonly url: string;
  readonly calls: UpstreamCall[];
  /** Decides each call; undefined passes it on. */
  answer: (call: UpstreamCall) => Answer;
  stop(): Promise<void>;
}

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};

const describe = (request: IncomingMessage, body: string): UpstreamCall => {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '');
  const target = request.headers['x-amz-target'];
  const action = typeof target === 'string' ? target.split('.').at(-1) : /Action=(\w+)/.exec(body)?.[1];
  const { method = 'GET', url: path = '/' } = request;
  const [, accessKeyId = '', region = '', service = ''] = scope ?? [];
  return { service, region, accessKeyId, method, path, action: action ?? path, body };
};

/** An error as the JSON protocols spell it. */
export const awsError = (status: number, code: string, message = 'x'): Answer => ({
  status,
  json: { __type: code, message, Message: message },
});

/** An error as the query protocols spell it. */
export const awsXmlError = (status: number, code: string): Answer => ({
  status,
  xml: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>x</Message></Error></ErrorResponse>`,
});

const written = (answer: Exclude<Answer, string | undefined>): [string, string] => {
  if ('xml' in answer) return ['text/xml', answer.xml];
  if ('html' in answer) return ['text/html', answer.html];
  return ['application/x-amz-json-1.1', JSON.stringify(answer.json)];
};

export const startEdge = async (target: string): Promise<Edge> => {
  const calls: UpstreamCall[] = [];
  const edge = { calls, answer: (_call: UpstreamCall): Answer => undefined };
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const call = describe(request, body.toString('utf8'));
    calls.push(call);
    const answer = edge.answer(call);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    if (answer) {
      const [type, text] = written(answer);
      response.writeHead(answer.status, { 'content-type': type }).end(text);
      return;
    }
    const {
      host: _host,
      connection: _connection,
      'content-length': _length,
      expect: _expect,
      ...headers
    } = request.headers;
    // Whoever asked may leave while it waits, as a task does that stops.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const passed = await fetch(`${target}${request.url}`, {
      signal: gone.signal,
      method: request.method ?? 'GET',
      headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
    }).catch((error: unknown) => {
      if (!gone.signal.aborted) throw error;
      return undefined;
    });
    if (passed === undefined) return;
    const {
      'content-encoding': _encoding,
      'content-length': size,
      'transfer-encoding': _transfer,
      ...back
    } = Object.fromEntries(passed.headers);
    const content = Buffer.from(await passed.arrayBuffer());
    // An answer to HEAD has no body, and says how long that would be. The body of others was unpacked.
    const length = request.method === 'HEAD' ? size : content.length;
    if (length !== undefined) response.setHeader('content-length', length);
    response.writeHead(passed.status, back).end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return Object.assign(edge, {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
};
