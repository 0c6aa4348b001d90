/** The origin of each request, made as soon as it arrives. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RouteContract } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import { keepOrigin, originOfMessage, type RequestOrigin, type Via } from '../origin.ts';
import type { GatewayContext } from './gateway-context.ts';
import { callerRequestId } from './request-ids.ts';

/** Characters of a User-Agent that are kept: clients choose its length. */
const mostCharacters = 300;

const viaOf = ({ path, auth, facade }: RouteContract): Via => {
  if (facade) return 'rest';
  if (path === routes.mcp.path) return 'mcp';
  if (path === routes.oauth.path) return 'oauth';
  return auth === 'webhook' ? 'webhook' : 'page';
};
const ways = new Map(Object.values<RouteContract>(routes).map((route) => [route.path, viaOf(route)]));

/** Register it after what sets the client's address, and before every route that audits. Behind TRUSTED_PROXIES that address is the client's own. */
export const addOrigins = (scope: FastifyInstance, gateway: GatewayContext = () => undefined): void => {
  scope.addHook('onRequest', (request, _reply, done) => {
    keepOrigin(request.raw, {
      kind: 'request',
      via: ways.get(request.routeOptions.url ?? '') ?? 'page',
      correlationId: request.id,
      callerRequestId: callerRequestId(request),
      ipAddress: request.ip,
      userAgent: request.headers['user-agent']?.slice(0, mostCharacters),
      gateway: gateway(request),
    });
    done();
  });
};

/** @throws Error where addOrigins was not registered */
export const originOf = ({ raw }: Pick<FastifyRequest, 'raw'>): RequestOrigin => originOfMessage(raw);
