/** POST /mcp: the protocol behind the bearer check. Scopes are checked here, so that a 403 is the same in both eras. */

import { toWebRequest } from '@modelcontextprotocol/node';
import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Caller } from '../auth/caller.ts';
import { CountersignError } from '../errors.ts';
import type { LaneHeaders } from '../mcp/lane.ts';
import { authInfoOf, type Protocol } from '../mcp/server.ts';
import type { StepUpNeeded } from '../mcp/step-up-needed.ts';
import type { Surface } from '../mcp/surface.ts';
import type { Bearer } from './bearer.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { OpenAnswers } from './open-answers.ts';

export interface McpRouteParts {
  readonly bearer: Bearer;
  readonly protocol: Protocol;
  readonly surface: Surface;
  readonly openAnswers: OpenAnswers;
  /** The OAuth resource. */
  readonly resource: URL;
}

/** When to ask again while the store is away. */
const STORE_RETRY_SECONDS = 5;
/** Messages of one legacy batch; enough for a client that starts up, too few to hide a flood in one request. */
const MOST_MESSAGES = 20;
/** The code that the SDK gives it. */
const METHOD_NOT_ALLOWED = -32000;

interface Message {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: { readonly name?: unknown; readonly requestId?: unknown } | undefined;
}

const messagesOf = (body: unknown): Message[] =>
  [body].flat().filter((m): m is Message => typeof m === 'object' && m !== null);

const scopesNeeded = (surface: Surface, messages: readonly Message[]): Scope[] => {
  const calls = messages.filter((message) => message.method === 'tools/call');
  return [
    ...new Set(calls.flatMap(({ params }) => (typeof params?.name === 'string' ? surface.scopesOf(params.name) : []))),
  ];
};

/** What is wrong with a batch before any of it runs. */
const batchProblem = (messages: readonly Message[]): string | undefined => {
  if (messages.length > MOST_MESSAGES) return `A batch may hold ${MOST_MESSAGES} messages`;
  const ids = messages.map(({ id }) => id).filter((id) => id !== undefined);
  // JSON-RPC 2.0, 4: the id tells which answer is whose; of two requests with one id, one would never be answered.
  return new Set(ids).size < ids.length ? 'Two messages of this batch have the same id' : undefined;
};

const rpcError = (reply: FastifyReply, status: number, code: number, message: string) =>
  reply.code(status).send({ jsonrpc: '2.0', id: null, error: { code, message } });

const isId = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Stops what the messages say is not wanted any more, and lets the request itself be stopped until it is answered. */
const track = (inFlight: InFlight, caller: Caller, messages: readonly Message[], gone: AbortController) => {
  for (const { method, params } of messages)
    if (method === 'notifications/cancelled' && isId(params?.requestId)) inFlight.cancel(caller, params.requestId);
  const [only, another] = messages;
  // A batch has one connection and many requests: one of them is not stopped for all.
  return another === undefined && isId(only?.id) ? inFlight.begin(caller, only.id, gone) : () => {};
};

export const registerMcp = (app: FastifyInstance, parts: McpRouteParts): void => {
  const inFlight = createInFlight();
  app.register(async (scope) => {
    scope.setErrorHandler((error: FastifyError | CountersignError, request, reply) => {
      if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
        return rpcError(reply, 400, ProtocolErrorCode.ParseError, 'Parse error: the body is not JSON');
      if (error instanceof CountersignError && error.code === 'invalid_input')
        return rpcError(reply, error.status, ProtocolErrorCode.InvalidRequest, error.message);
      return app.errorHandler(error, request, reply);
    });
    scope.route({
      method: ['POST', 'GET', 'DELETE', 'PUT', 'PATCH'],
      url: routes.mcp.path,
      exposeHeadRoute: false,
      onRequest: parts.bearer.authenticate,
      handler: (request, reply) => serve(parts, inFlight, request, reply),
    });
  });
};

const serve = async (
  parts: McpRouteParts,
  inFlight: InFlight,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  // Without sessions there is no stream to GET and none to DELETE. RFC 9110 15.5.6: a 405 says what is allowed.
  if (request.method !== 'POST')
    return rpcError(reply.header('allow', 'POST'), 405, METHOD_NOT_ALLOWED, 'POST a JSON-RPC message to this address');
  const messages = messagesOf(request.body);
  const problem = batchProblem(messages);
  if (problem !== undefined) return rpcError(reply, 400, ProtocolErrorCode.InvalidRequest, problem);
  const needed = scopesNeeded(parts.surface, messages);
  let stepUp: StepUpNeeded | undefined;
  if (await parts.bearer.lacks(request, needed)) {
    stepUp = await wayOut(parts, request, needed);
    if (!stepUp) return parts.bearer.challenge(request, reply, needed);
  }
  const caller = parts.bearer.callerOf(request);
  const gone = new AbortController();
  const over = track(inFlight, caller, messages, gone);
  parts.openAnswers.track(
    reply.raw,
    messages.map(({ id }) => id).filter((id) => isId(id)),
    gone,
  );
  reply.raw.on('close', () => {
    over();
    if (!reply.raw.writableFinished) gone.abort();
  });
  let storeAway = false;
  const authInfo = authInfoOf(
    {
      caller,
      stepUp,
      correlationId: request.id,
      ipAddress: request.ip,
      userAgent: request.headers['user-agent'],
      gone: gone.signal,
      onStoreAway: () => {
        storeAway = true;
      },
    },
    parts.resource,
  );
  const answer = await parts.protocol.lane.take(request.body, laneHeaders(request), authInfo);
  // A streamed answer has its status before its end; there the code in the answer alone tells.
  if (storeAway) reply.code(503).header('retry-after', STORE_RETRY_SECONDS);
  if (answer !== undefined) return reply.type('application/json').send(answer);
  const web = await toWebRequest(request.raw, request.body, { signal: gone.signal });
  // Not hijacked: hooks still run, so request ids and security headers are on these answers too.
  return reply.send(await parts.protocol.handler.fetch(web, { authInfo, parsedBody: request.body }));
};

/** Only for a call alone: of a batch, the other messages would not be answered. */
const wayOut = async (
  { bearer }: McpRouteParts,
  request: FastifyRequest,
  needed: readonly Scope[],
): Promise<StepUpNeeded | undefined> => {
  const [call, another] = messagesOf(request.body);
  const tool = call?.params?.name;
  if (Array.isArray(request.body) || another !== undefined || typeof tool !== 'string') return undefined;
  return bearer.wayOut(request, needed, { tool, revision: one(request.headers['mcp-protocol-version']) ?? '' });
};

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

const laneHeaders = ({ headers }: FastifyRequest): LaneHeaders => ({
  accept: headers.accept,
  contentType: headers['content-type'],
  protocolVersion: one(headers['mcp-protocol-version']),
  method: one(headers['mcp-method']),
  name: one(headers['mcp-name']),
});
