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
import { accepts } from './accept.ts';
import type { Bearer } from './bearer.ts';
import { gathered } from './gathered.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import type { OpenAnswers } from './open-answers.ts';
import { originOf } from './origin.ts';
import { batchProblem, idOf, isId, type Message, messagesOf, scopesNeeded } from './rpc-messages.ts';
import { paramsProblem, withoutNulls } from './rpc-params.ts';

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
/** The code that the SDK gives to what is refused for its headers or method. */
const NOT_ACCEPTED = -32000;
const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';

const rpcError = (
  reply: FastifyReply,
  status: number,
  code: number,
  message: string,
  id: ReturnType<typeof idOf> = null,
) => reply.code(status).send({ jsonrpc: '2.0', id, error: { code, message } });

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
      if (error instanceof CountersignError && error.code === 'invalid_input') {
        // A field that can be named is of a message; what cannot be parsed is none.
        const code = 'fields' in error.details ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InvalidRequest;
        return rpcError(reply, error.status, code, error.message, idOf(request.body));
      }
      return app.errorHandler(error, request, reply);
    });
    scope.route({
      method: ['POST', 'GET', 'HEAD', 'DELETE', 'PUT', 'PATCH'],
      url: routes.mcp.path,
      exposeHeadRoute: false,
      // Before the body, which a DELETE may announce and not have.
      onRequest: [parts.bearer.authenticate, refuseOtherMethods],
      handler: (request, reply) => serve(parts, inFlight, request, reply),
    });
  });
};

/** Without sessions there is no stream to GET and none to DELETE. RFC 9110 15.5.6: a 405 says what is allowed. */
const refuseOtherMethods = async (request: FastifyRequest, reply: FastifyReply) => {
  if (request.method !== 'POST')
    return rpcError(reply.header('allow', 'POST'), 405, NOT_ACCEPTED, 'POST a JSON-RPC message to this address');
};

/** Refuses what is no message of the protocol before any of it runs. */
const refuseMalformed = (body: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
  const { headers } = request;
  const takesStream = accepts(headers.accept, STREAM_TYPE);
  const listens = messagesOf(body).some(({ method }) => method === 'subscriptions/listen');
  if (!takesStream && (listens || !accepts(headers.accept, JSON_TYPE))) {
    const wanted = listens ? STREAM_TYPE : `${JSON_TYPE} and ${STREAM_TYPE}, or one of them`;
    return rpcError(reply, 406, NOT_ACCEPTED, `Not Acceptable: accept ${wanted}`, idOf(body));
  }
  const batch = batchProblem(body, one(headers['mcp-protocol-version']));
  if (batch !== undefined) return rpcError(reply, 400, ProtocolErrorCode.InvalidRequest, batch);
  const params = paramsProblem(body, laneHeaders(request));
  if (params === undefined) return undefined;
  return rpcError(reply, Array.isArray(body) ? 400 : 200, ProtocolErrorCode.InvalidParams, params, idOf(body));
};

const serve = async (
  parts: McpRouteParts,
  inFlight: InFlight,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const body = withoutNulls(request.body);
  const messages = messagesOf(body);
  const malformed = refuseMalformed(body, request, reply);
  if (malformed) return malformed;
  const needed = await scopesNeeded(parts.surface, messages, parts.bearer.callerOf(request));
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
      origin: originOf(request),
      gone: gone.signal,
      onStoreAway: () => {
        storeAway = true;
      },
    },
    parts.resource,
  );
  const { accept } = request.headers;
  const answer = accepts(accept, JSON_TYPE)
    ? await parts.protocol.lane.take(body, laneHeaders(request), authInfo)
    : undefined;
  // A streamed answer has its status before its end; there the code in the answer alone tells.
  if (storeAway) reply.code(503).header('retry-after', STORE_RETRY_SECONDS);
  if (answer !== undefined) return reply.type(JSON_TYPE).send(answer);
  // What is accepted was looked at above. The SDK looks for both names in the header, written as it writes them.
  request.raw.headers.accept = `${JSON_TYPE}, ${STREAM_TYPE}`;
  const web = await toWebRequest(request.raw, body, { signal: gone.signal });
  const response = await parts.protocol.handler.fetch(web, { authInfo, parsedBody: body });
  // Not hijacked: hooks still run, so request ids and security headers are on these answers too.
  return reply.send(accepts(accept, STREAM_TYPE) ? response : await gathered(response, Array.isArray(body)));
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
  protocolVersion: one(headers['mcp-protocol-version']),
  method: one(headers['mcp-method']),
  name: one(headers['mcp-name']),
});
