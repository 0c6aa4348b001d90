/** A function in a process of its own, and an HTTP API before it as AWS runs one, on a port of this machine. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { bare } from '../servers/bare.ts';

const Answer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

export interface FunctionProcess {
  /** Sends an event and resolves with what the handler returned. */
  invoke(event: unknown): Promise<unknown>;
  /** Seconds from the start of the process until the handler was there. */
  readonly startSeconds: number;
  output(): string;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Loads the handler of `bundle`. @throws with its output when that fails */
export const startFunction = async (
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Promise<FunctionProcess> => {
  const runtime = join(import.meta.dirname, 'function-runtime.ts');
  const child = fork(runtime, [bundle], {
    // As in Lambda: of this process nothing but what a program needs to run.
    env: { ...bare(), AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', ...environment },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const waiting = new Map<number, (answer: unknown) => void>();
  const ended = once(child, 'exit').then(() => {
    running.delete(child);
    for (const answer of waiting.values()) answer({ failed: 'the process ended' });
  });
  const ready = new Promise<number>((resolve) => {
    child.on('message', (message: { ready?: number; id?: number; answer?: unknown }) => {
      if (message.ready !== undefined) resolve(message.ready);
      if (message.id === undefined) return;
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
    });
  });
  const startSeconds = await Promise.race([ready, ended]);
  if (startSeconds === undefined) throw new Error(`the function did not start\n${output}`);
  let next = 1;
  return {
    startSeconds,
    output: () => output,
    invoke: (event) =>
      new Promise((resolve) => {
        const id = next++;
        waiting.set(id, resolve);
        child.send({ id, event });
      }),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** What the API knows of a request besides what its client sent. */
export interface EventFacts {
  /** Default $default. */
  readonly routeKey?: string;
  /** Who called the API. Default: the socket's other end. */
  readonly sourceIp?: string;
  /** What the authorizer found out. */
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
  /** In place of the request's own. */
  readonly headers?: IncomingHttpHeaders;
}

/** The event for a request, payload format 2.0: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const eventOf = async (request: IncomingMessage, facts: EventFacts = {}): Promise<unknown> => {
  const { routeKey = '$default', authorizer } = facts;
  const { sourceIp = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '' } = facts;
  const url = new URL(request.url ?? '/', 'http://api');
  const { cookie, ...headers } = Object.fromEntries(
    Object.entries(facts.headers ?? request.headers).map(([name, value]) => [name, [value].flat().join(',')]),
  );
  const body = await buffer(request);
  const query = Object.fromEntries(
    [...url.searchParams].map(([name]) => [name, url.searchParams.getAll(name).join(',')]),
  );
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: { ...headers, 'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', ') },
    ...(url.search !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'api',
      domainName: 'api.execute-api.us-east-1.amazonaws.com',
      http: { method: request.method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      ...(authorizer && { authorizer: { lambda: authorizer } }),
    },
    ...(body.length > 0 && { body: body.toString('base64'), isBase64Encoded: true }),
    ...(body.length === 0 && { isBase64Encoded: false }),
  };
};

/** Answers as the API does with what a function returned. */
export const write = (response: ServerResponse, returned: unknown): void => {
  const parsed = Answer.safeParse(returned);
  if (!parsed.success) {
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
    return;
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  // An HTTP API renames it, so that a challenge is not seen by its client.
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name === 'www-authenticate' ? 'x-amzn-remapped-www-authenticate' : name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.removeHeader('content-length');
  response.removeHeader('transfer-encoding');
  response.removeHeader('connection');
  response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
};

export interface HttpApi {
  readonly url: string;
  /** The function behind it from now on. */
  serve(target: Pick<FunctionProcess, 'invoke'>): void;
  stop(): Promise<void>;
}

/** Listens before there is a function, for that is told the address. */
export const startHttpApi = async (): Promise<HttpApi> => {
  let target: Pick<FunctionProcess, 'invoke'> | undefined;
  const server = createServer(async (request, response) => {
    write(response, await target?.invoke(await eventOf(request)));
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return {
    url: `http://localhost:${address.port}`,
    serve: (to) => {
      target = to;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
