/** Mounts the embedded authorization server beside the service's own routes. */
import type { FastifyInstance } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { type AuthorizationServer, registrationPath } from '../auth/authorization-server.ts';
import type { Config } from '../config.ts';
import type { Ephemeral } from '../ephemeral.ts';

interface Parts {
  readonly server: AuthorizationServer;
  readonly ephemeral: Ephemeral;
  readonly config: Pick<Config, 'ISSUER' | 'CLIENT_REGISTRATIONS_PER_HOUR'>;
}

const hour = 3600;

/** RFC 7591 5: open registration is held to a rate for each address. */
const limitRegistrations = (scope: FastifyInstance, { ephemeral, config }: Parts): void => {
  scope.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST' || request.url.split('?', 1)[0] !== registrationPath) return;
    const { count, resetSeconds } = await ephemeral.count(`registrations:${request.ip}`, hour);
    if (count <= config.CLIENT_REGISTRATIONS_PER_HOUR) return;
    return reply
      .code(429)
      .header('retry-after', Math.max(1, Math.ceil(resetSeconds)))
      .header('cache-control', 'no-store')
      .send({
        error: 'temporarily_unavailable',
        error_description: 'Too many clients were registered from this address; try again later',
      });
  });
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
    for (const { path } of [routes.oauth, routes.authorizationServerMetadata, routes.openidMetadata])
      scope.route({
        method: ['GET', 'POST', 'OPTIONS'],
        url: path,
        exposeHeadRoute: false,
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
            reply.raw.statusCode = 500;
            reply.raw.end();
          });
        },
      });
  });
};
