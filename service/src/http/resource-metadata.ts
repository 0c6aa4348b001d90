/** RFC 9728: where clients learn who issues tokens for /mcp. */
import type { FastifyInstance } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { baselineOf } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import { ownOrigin } from '../own-origin.ts';

type MetadataConfig = Pick<Config, 'PUBLIC_URL' | 'ORIGINS' | 'ISSUER' | 'TOOL_PACKS'>;

/** Names reading scopes of the enabled packs only; a call that needs more says so. */
export const resourceMetadata = (config: MetadataConfig, host: string | undefined) => ({
  resource: ownOrigin(config, host) + routes.mcp.path,
  authorization_servers: [config.ISSUER],
  scopes_supported: baselineOf(config.TOOL_PACKS),
  bearer_methods_supported: ['header'],
  resource_name: 'Countersign',
});

/** At the well-known path with and without the resource's own, for clients ask at either. */
export const addResourceMetadata = (app: FastifyInstance, config: MetadataConfig): void => {
  for (const { path } of [routes.resourceMetadata, routes.resourceMetadataForMcp])
    app.get(path, ({ headers }, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(resourceMetadata(config, headers.host)),
    );
};
