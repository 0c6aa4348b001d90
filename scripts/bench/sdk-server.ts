/**
 * What is compared against: the MCP SDK as its documentation shows it. An McpServer made for each request with the same
 * tools registered, behind the SDK's bearer check. No audit, no budgets, no operations.
 */
import { createServer } from 'node:http';
import { argv, env } from 'node:process';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server';
import { assembleInMemory } from '../../service/test/rigs/whole.ts';
import { checkEachTime, issuer, serviceVerifier } from './bearer.ts';

const { catalogue } = await assembleInMemory();
const tools = [...catalogue.entries.values()].map(({ tool }) => tool);
const answer = JSON.parse(env.BENCH_ANSWER ?? '{}') as Record<string, unknown>;
const result = { content: [{ type: 'text' as const, text: JSON.stringify(answer) }], structuredContent: answer };

const build = (): McpServer => {
  const server = new McpServer({ name: 'compared', version: '1' });
  for (const { name, title, description, input, output, annotations } of tools)
    server.registerTool(
      name,
      { title, description, inputSchema: input, outputSchema: output, annotations },
      async () => result,
    );
  return server;
};

const verifier = serviceVerifier();
/** `remember` gives the SDK the service's own check, which looks at each token's signature once. */
const claims = async (token: string) => {
  if (argv[2] !== 'remember') {
    const { client_id: clientId, scope, exp, sub } = await checkEachTime(token);
    return { clientId, scopes: scope.split(' '), expiresAt: exp, sub };
  }
  const { clientId, scopes, expiresAt, personId: sub } = await verifier.verify(`Bearer ${token}`);
  return { clientId, scopes: [...scopes], expiresAt, sub };
};
const authenticate = requireBearerAuth({
  requiredScopes: ['tag:read'],
  verifier: {
    verifyAccessToken: async (token) => {
      const { sub, ...known } = await claims(token).catch(() => {
        throw new OAuthError(OAuthErrorCode.InvalidToken, 'The token is not accepted');
      });
      return { token, ...known, resource: new URL(issuer.resource), extra: { sub } };
    },
  },
});
const handler = createMcpHandler(build);
const serve = toNodeHandler({
  fetch: async (request, options) => {
    const auth = await authenticate(request);
    return auth instanceof Response ? auth : handler.fetch(request, { ...options, authInfo: auth });
  },
});
createServer((request, response) => void serve(request, response)).listen(Number(env.PORT), '127.0.0.1');
