/** POST /mcp: the protocol behind the bearer check. Scopes are checked here, so that a 403 is the same in both eras. */

import { toWebRequest } from '@modelcontextprotocol/node';
import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { LaneHeaders } from '../mcp/lane.ts';
import { authInfoOf, type Protocol } from '../mcp/server.ts';
import type { Surface } from '../mcp/surface.ts';
import type { Bearer } from './bearer.ts';

export interface McpRouteParts {
  readonly bearer: Bearer;
  readonly protocol: Protocol;
  readonly surface: Surface;
  /** The OAuth resource. */
  readonly resource: URL;
}

/** Messages of one legacy batch; enough for a client that starts up, too few to hide a flood in one request. */
const MOST_MESSAGES = 20;

interface Message {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: { readonly name?: unknown } | undefined;
}

const messagesOf = (body: unknown): Message[] =>
  [body].flat().filter((m): m is Message => typeof m === 'object' && m !== null);

const scopesNeeded = (surface: Surface, messages: readonly Message[]): Scope[] => {
  const calls = messages.filter((message) => message.method === 'tools/call');
  return [
    ...new Set(calls.flatMap(({ params }) => (typeof params?.name === 'string' ? surface.scopesOf(params.name) : []))),
  ];
};

const rpcError = (reply: FastifyReply, status: number, code: number, message: string) =>
  reply.code(status).send({ jsonrpc: '2.0', id: null, error: { code, message } });

export const registerMcp = (app: FastifyInstance, parts: McpRouteParts): void => {
  app.register(async (scope) => {
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
        return rpcError(reply, 400, ProtocolErrorCode.ParseError, 'Parse error: the body is not JSON');
      return app.errorHandler(error, request, reply);
    });
    scope.route({
      method: ['POST', 'GET', 'DELETE'],
      url: routes.mcp.path,
      exposeHeadRoute: false,
      onRequest: parts.bearer.authenticate,
      handler: (request, reply) => serve(parts, request, reply),
    });
  });
};

const serve = async (parts: McpRouteParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const messages = messagesOf(request.body);
  if (messages.length > MOST_MESSAGES)
    return rpcError(reply, 400, ProtocolErrorCode.InvalidRequest, `A batch may hold ${MOST_MESSAGES} messages`);
  const needed = scopesNeeded(parts.surface, messages);
  if (await parts.bearer.lacks(request, needed)) return parts.bearer.challenge(request, reply, needed);
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const authInfo = authInfoOf(
    {
      caller: parts.bearer.callerOf(request),
      correlationId: request.id,
      ipAddress: request.ip,
      userAgent: request.headers['user-agent'],
      gone: gone.signal,
    },
    parts.resource,
  );
  const answer =
    request.method === 'POST'
      ? await parts.protocol.lane.take(request.body, laneHeaders(request), authInfo)
      : undefined;
  if (answer !== undefined) return reply.type('application/json').send(answer);
  const web = await toWebRequest(request.raw, request.body, { signal: gone.signal });
  // Not hijacked: hooks still run, so request ids and security headers are on these answers too.
  return reply.send(await parts.protocol.handler.fetch(web, { authInfo, parsedBody: request.body }));
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
