/** What is refused before a byte of the body is read: a foreign Host or Origin, and bodies too large or too slow. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions, FastifyInstance, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { CountersignError } from '../errors.ts';
import { errorBody } from './errors.ts';

const bodyLimit = 1024 * 1024;

/**
 * Fastify options that bound what one request may take of the service.
 * @param seconds in which headers and body must have arrived
 */
export const requestLimits = (seconds = 15) =>
  ({
    bodyLimit,
    // /mcp/ is what people make of /mcp.
    routerOptions: { ignoreTrailingSlash: true },
    requestTimeout: seconds * 1000,
    // Node swaps the two timeouts when the one for headers is longer, so it is set too.
    http: { headersTimeout: seconds * 1000, connectionsCheckingInterval: Math.min(1000, seconds * 200) },
    clientErrorHandler: answerBrokenRequest,
  }) satisfies FastifyHttpOptions<Server>;

const brokenRequest: Readonly<
  Record<string, readonly [status: string, code: 'timeout' | 'too_large', message: string]>
> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'too_large', 'The request headers are too large.'],
};

/** Answers what never became a request. There is no route, no hook and no id yet. */
const answerBrokenRequest = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, code, message] = brokenRequest[error.code ?? ''] ?? [
    '400 Bad Request',
    'invalid_input',
    'This is not an HTTP request.',
  ];
  const body = JSON.stringify(errorBody({ status: 0, code, message, details: {} }, ''));
  if (socket.writable && socket.bytesWritten === 0)
    socket.write(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  socket.destroySoon();
};

export interface GuardParts {
  /** The service's own origin. On loopback every loopback name and port counts as its own. */
  readonly publicUrl: string;
  /** Other browser origins that may call. */
  readonly allowedOrigins: readonly string[];
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
// Load balancers probe by address, so their Host is never ours.
const exemptFromHost: ReadonlySet<string> = new Set([routes.health.path, routes.ready.path]);

const parse = (url: string): URL | undefined => URL.parse(url) ?? undefined;

/**
 * Checks Host and Origin of every request, so that a page which rebinds a name to this address, or another site's
 * script, is refused before any route runs. MCP 2025-11-25, Transports, Security Warning.
 */
export const addGuards = (scope: FastifyInstance, { publicUrl, allowedOrigins }: GuardParts): void => {
  const own = new URL(publicUrl);
  const onLoopback = loopback.has(own.hostname);
  const origins = new Set([own.origin, ...allowedOrigins]);
  const isOwnHost = (host: string | undefined): boolean => {
    if (host === own.host) return true;
    const name = parse(`http://${host}`)?.hostname;
    return name !== undefined && (onLoopback ? loopback.has(name) : name === own.hostname);
  };
  const isAllowedOrigin = (origin: string): boolean =>
    origins.has(origin) || (onLoopback && loopback.has(parse(origin)?.hostname ?? ''));

  const check = (request: FastifyRequest): CountersignError | undefined => {
    if (!isOwnHost(request.headers.host) && !exemptFromHost.has(pathOf(request)))
      return new CountersignError('access_denied', `The Host header does not name this service: use ${own.origin}.`);
    const { origin } = request.headers;
    if (origin !== undefined && !isAllowedOrigin(origin))
      return new CountersignError(
        'access_denied',
        'This Origin may not call this service: an operator can add it to ALLOWED_ORIGINS.',
      );
    return undefined;
  };
  scope.addHook('onRequest', (request, _reply, done) => done(check(request)));
};

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';
