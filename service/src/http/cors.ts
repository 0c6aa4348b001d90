/**
 * Cross-origin reads for MCP clients that run in a browser. Whoever gets here has passed the Origin allow-list of
 * guards.ts; cookies are never allowed along, so pages gain nothing from it.
 */
import type { FastifyInstance } from 'fastify';

const allowedHeaders =
  'authorization, content-type, accept, last-event-id, mcp-protocol-version, mcp-method, mcp-name, x-request-id';

interface CorsParts {
  readonly publicUrl: string;
  /** Headers that packs take, besides. Default: none. */
  readonly headers?: readonly string[];
}

/** Register after addGuards. On the raw response, so that the authorization server's answers carry the headers too. */
export const addCors = (scope: FastifyInstance, { publicUrl, headers = [] }: CorsParts): void => {
  const preflight = {
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': [allowedHeaders, ...headers].join(', '),
    'access-control-max-age': '600',
  };
  scope.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || origin === publicUrl) return done();
    reply.raw.setHeader('access-control-allow-origin', origin);
    reply.raw.setHeader('vary', 'Origin');
    // The challenge of a 401 or 403 says where to sign in and what for.
    reply.raw.setHeader('access-control-expose-headers', 'www-authenticate, x-request-id, retry-after, ratelimit');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return done();
    return void reply.code(204).headers(preflight).send();
  });
};
