/** The one place where an error becomes an HTTP answer. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import { knowPaths } from './known-paths.ts';
import { isOauthPath, oauthErrorBody } from './oauth-errors.ts';
import { pageHeaders } from './page-headers.ts';

/** An error as the caller sees it. */
export interface ErrorAnswer {
  readonly status: number;
  /** An ErrorCode, or `internal_error` for a fault. */
  readonly code: ErrorCode | 'internal_error' | 'method_not_allowed';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ErrorHandlerParts {
  /** A page for a person's browser in place of JSON, where the request is one for a page. */
  readonly page?: (answer: ErrorAnswer, request: FastifyRequest) => string | undefined;
}

const internal: ErrorAnswer = {
  status: 500,
  code: 'internal_error',
  message: 'Something went wrong here. The request id names the log entry; quote it when you report this.',
  details: {},
};

/** What Fastify refuses before a route runs, in the words of this service. Its own messages can quote the input. */
const refusals: Readonly<Record<string, Omit<ErrorAnswer, 'details'>>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'invalid_input', message: 'The request body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'invalid_input',
    message: 'The request body is empty although its Content-Type is application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'invalid_input',
    message: 'The request body is not as long as its Content-Length says.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'invalid_input',
    message: 'This Content-Type is not accepted here. Send application/json.',
  },
};

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'code' in error && 'statusCode' in error;

const mebibyte = 1024 * 1024;

const tooLarge = (limit: number): ErrorAnswer => ({
  status: 413,
  code: 'too_large',
  message: `The request body is over the limit of ${limit >= mebibyte ? `${limit / mebibyte} MB` : `${limit} bytes`}. Split it into smaller requests.`,
  details: {},
});

/**
 * What to answer for anything that was thrown. A fault yields one fixed text whatever it says.
 * @param bodyLimit bytes the route takes. Default 1 MB, as most routes
 */
export const describeError = (error: unknown, bodyLimit = mebibyte): ErrorAnswer => {
  if (error instanceof CountersignError)
    return { status: error.status, code: error.code, message: error.message, details: error.details };
  if (!isFastifyError(error)) return internal;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(bodyLimit);
  const refusal = refusals[error.code];
  if (refusal) return { ...refusal, details: {} };
  // Other 4xx of the framework and its parsers, such as a malformed URL: the caller's, but not worth quoting.
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500
    ? { status, code: 'invalid_input', message: 'The request is malformed.', details: {} }
    : internal;
};

/** The body of an error answer on every route that speaks JSON, except OAuth's. */
export const errorBody = ({ code, message, details }: ErrorAnswer, requestId: string) => ({
  error: { code, message, details, request_id: requestId },
});

const bodyFor = (answer: ErrorAnswer, { url, id }: FastifyRequest) =>
  isOauthPath(url) ? oauthErrorBody(answer) : errorBody(answer, id);

/** For Fastify's `frameworkErrors`: URLs so malformed that no route, and no hook, can see them. */
export const answerMalformed = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
  const answer = describeError(error);
  reply.code(answer.status).header('x-request-id', request.id).send(bodyFor(answer, request));
};

/** What a request gets that no route takes. RFC 9110 15.5.6: 405 with Allow where the path has other methods. */
const unmatched = ({ method, url }: FastifyRequest, allowed: readonly string[]): ErrorAnswer => {
  const path = url.split('?', 1)[0];
  const mcp = method === 'POST' && path !== routes.mcp.path ? ` The MCP endpoint is ${routes.mcp.path}.` : '';
  return allowed.length === 0
    ? { status: 404, code: 'not_found', message: `There is nothing at this path.${mcp}`, details: {} }
    : {
        status: 405,
        code: 'method_not_allowed',
        message: `${method} is not how to ask here; use ${allowed.join(' or ')}.${mcp}`,
        details: { allow: [...allowed] },
      };
};

/**
 * Answers errors and what no route takes, of the whole application; faults are logged with the request's id, once, here.
 * Register before every route.
 */
export const addErrorHandler = (scope: FastifyInstance, { page }: ErrorHandlerParts = {}): void => {
  const paths = knowPaths(scope);
  const send = (answer: ErrorAnswer, request: FastifyRequest, reply: FastifyReply) => {
    const html = page?.(answer, request);
    reply.code(answer.status).header('cache-control', 'no-store');
    return html === undefined
      ? reply.send(bodyFor(answer, request))
      : reply.headers(pageHeaders).type('text/html; charset=utf-8').send(html);
  };
  scope.setErrorHandler((error: unknown, request, reply) => {
    const answer = describeError(error, request.routeOptions.bodyLimit);
    if (answer.code === 'internal_error') request.log.error({ err: error }, 'request failed');
    else if (answer.status >= 500) request.log.warn({ err: error }, 'request could not be served');
    return send(answer, request, reply);
  });
  const answerUnmatched = (request: FastifyRequest, reply: FastifyReply) => {
    const allowed = paths.methodsOf(request.url);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    // RFC 9110 9.3.7: what may be asked here.
    if (request.method === 'OPTIONS' && allowed.length > 0) return reply.code(204).send();
    return send(unmatched(request, allowed), request, reply);
  };
  // After every guard, and before the body: what it is does not matter where nobody reads it.
  scope.addHook('preParsing', (request, reply, payload, done) => {
    // Answered here and not handed on: nothing after this hook runs.
    if (request.is404) answerUnmatched(request, reply);
    else done(null, payload);
  });
  scope.setNotFoundHandler(answerUnmatched);
};
