import Fastify from 'fastify';
import type { RouteName } from '../../../contracts/routes.ts';
import { routes } from '../../../contracts/routes.ts';
import type { RequestOrigin } from '../origin.ts';
import { addOrigins, originOf } from './origin.ts';
import { requestId } from './request-ids.ts';

const open = async (registered: boolean) => {
  const app = Fastify({ genReqId: requestId });
  if (registered) addOrigins(app, () => ({ agency: 'north' }));
  for (const { path } of [routes.mcp, routes.executeTool, routes.oauth, routes.signIn, routes.decide])
    app.post(path, async (request) => ({ id: request.id, origin: originOf(request), again: originOf(request) }));
  await app.ready();
  return app;
};

it.each<[RouteName, string, RequestOrigin['via']]>([
  ['mcp', '/mcp', 'mcp'],
  ['executeTool', '/mcp/execute-tool', 'rest'],
  ['oauth', '/oauth/token', 'oauth'],
  ['signIn', '/sign-in', 'page'],
  ['decide', '/approvals/op_1', 'page'],
])('a request to %s at %s comes by %s, and has one origin', async (_name, url, via) => {
  const app = await open(true);
  const headers = { 'user-agent': 'x'.repeat(400), 'x-request-id': 'theirs' };
  const { id, origin, again } = (await app.inject({ method: 'POST', url, headers })).json();
  expect(origin).toEqual({
    kind: 'request',
    via,
    correlationId: id,
    callerRequestId: 'theirs',
    ipAddress: '127.0.0.1',
    userAgent: 'x'.repeat(300),
    gateway: { agency: 'north' },
  });
  expect(again).toEqual(origin);
});

it('without an origin nothing is audited', async () => {
  const app = await open(false);
  expect((await app.inject({ method: 'POST', url: '/mcp' })).statusCode).toBe(500);
});
