/** Mounts the embedded authorization server beside the service's own routes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { type AuthorizationServer, endpointMethods, registrationPath } from '../auth/authorization-server.ts';
import type { Config } from '../config.ts';
import { CountersignError } from '../errors.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import { networkOf } from './client-network.ts';
import { oauthErrorBody } from './oauth-errors.ts';

interface Parts {
  readonly server: AuthorizationServer;
  readonly ephemeral: Ephemeral;
  readonly config: Pick<Config, 'ISSUER' | 'CLIENT_REGISTRATIONS_PER_HOUR'>;
}

const hour = 3600;

/** As the library routes it: a slash at the end makes no other path. */
const pathOf = ({ url }: Pick<FastifyRequest, 'url'>): string => (url.split('?', 1)[0] ?? '').replace(/\/$/, '');

// Many addresses together must not fill the store either; a client that nobody uses is forgotten after a day.
const addresses = 20;

/** RFC 7591 5: open registration is held to a rate, for each address and for all of them. */
const limitRegistrations = (scope: FastifyInstance, { ephemeral, config }: Parts): void => {
  const perAddress = config.CLIENT_REGISTRATIONS_PER_HOUR;
  scope.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST' || pathOf(request) !== registrationPath) return;
    const hold = async (who: string, most: number, whose: string) => {
      const { count, resetSeconds } = await ephemeral.count(`registrations:${who}`, hour);
      if (count <= most) return;
      const seconds = Math.max(1, Math.ceil(resetSeconds));
      reply.header('retry-after', seconds);
      throw new CountersignError(
        'rate_limited',
        `Over ${most} clients were registered within an hour from ${whose}: wait ${seconds} s. Whoever operates this service can allow more with CLIENT_REGISTRATIONS_PER_HOUR.`,
      );
    };
    await hold(networkOf(request.ip), perAddress, 'this address');
    await hold('all', perAddress * addresses, 'all addresses');
  });
};

/** RFC 9110 15.5.6. Methods that none of the endpoints has come here too, because the router would call the path unknown. */
const refuseOtherMethods = async ({ method, url }: FastifyRequest, reply: FastifyReply) => {
  const allowed = [...(endpointMethods.get(pathOf({ url })) ?? ['GET', 'HEAD', 'POST']), 'OPTIONS'];
  if (allowed.includes(method)) return;
  const message = `The methods of this endpoint are ${allowed.join(', ')}.`;
  return reply
    .code(405)
    .header('allow', allowed.join(', '))
    .header('cache-control', 'no-store')
    .send(oauthErrorBody({ status: 405, message }));
};

/**
 * Registers the endpoints in a scope of their own. Its headers of host, scheme and address are overwritten with what
 * is known, for its metadata and redirects are built from them, and anybody can send an X-Forwarded-Host.
 */
export const mountAuthorizationServer = (app: FastifyInstance, parts: Parts): void => {
  const issuer = new URL(parts.config.ISSUER);
  app.register(async (scope) => {
    // The authorization server reads bodies itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    limitRegistrations(scope, parts);
    for (const { path } of [routes.oauth, routes.authorizationServerMetadata, routes.openidMetadata]) {
      scope.route({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        url: path,
        exposeHeadRoute: false,
        onRequest: refuseOtherMethods,
        handler: (request, reply) => {
          const { headers } = request.raw;
          headers.host = issuer.host;
          headers['x-forwarded-proto'] = issuer.protocol.replace(':', '');
          headers['x-forwarded-for'] = request.ip;
          delete headers['x-forwarded-host'];
          delete headers.forwarded;
          // Headers that hooks set, such as the request id, are on the reply and must come along.
          for (const [name, value] of Object.entries(reply.getHeaders()))
            if (value !== undefined) reply.raw.setHeader(name, value);
          reply.hijack();
          parts.server.handle(request.raw, reply.raw).catch((error: unknown) => {
            request.log.error({ err: error }, 'authorization server failed');
            if (reply.raw.headersSent) return void reply.raw.destroy();
            reply.raw.writeHead(500, { 'content-type': 'application/json', 'cache-control': 'no-store' });
            reply.raw.end(JSON.stringify(oauthErrorBody({ status: 500, message: 'Something went wrong here.' })));
          });
        },
      });
    }
  });
};
