/** The limit: Fastify, the service's own token check, and JSON echoed. Nothing that speaks MCP can be faster than this. */
import { env } from 'node:process';
import Fastify from 'fastify';
import { missingScopes } from '../../contracts/scopes.ts';
import { requestLimits } from '../../service/src/http/guards.ts';
import { serviceVerifier } from './bearer.ts';

const { verify } = serviceVerifier();
const app = Fastify(requestLimits());
app.post('/mcp', {
  onRequest: async (request, reply) => {
    const { scopes } = await verify(request.headers.authorization);
    if (missingScopes(scopes, ['tag:read']).length > 0) return reply.code(403).send();
  },
  handler: async (request) => request.body,
});
await app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
