/** The application: Fastify composed from parts that were handed in. It opens no store, reads no environment, owns no process. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { tokenHeaders } from '../../../contracts/packs/index.ts';
import type { Config } from '../config.ts';
import { type BearerParts, createBearer } from '../http/bearer.ts';
import { addCors } from '../http/cors.ts';
import { addErrorHandler, answerMalformed, type ErrorHandlerParts } from '../http/errors.ts';
import { type FacadeParts, registerFacade } from '../http/facade.ts';
import { addGatewayContext, cameFrom } from '../http/gateway-context.ts';
import { addGuards, requestLimits } from '../http/guards.ts';
import { addHeaderTokens } from '../http/header-tokens.ts';
import { addHealth, type HealthParts } from '../http/health.ts';
import { addJsonBody } from '../http/json-body.ts';
import { type McpRouteParts, registerMcp } from '../http/mcp.ts';
import { addObservation } from '../http/observe.ts';
import { addOrigins } from '../http/origin.ts';
import { addRequestIds, requestId, requestLogger } from '../http/request-ids.ts';
import { addTextCheck } from '../http/well-formed.ts';

export interface AppParts {
  readonly config: Config;
  readonly log: Logger;
  readonly bearer: Omit<BearerParts, 'config'>;
  readonly mcp: Omit<McpRouteParts, 'bearer' | 'resource'>;
  readonly facade: Omit<FacadeParts, 'bearer' | 'publicUrl'>;
  readonly health: HealthParts;
  readonly errors: ErrorHandlerParts;
  /** Whether a request came from API Gateway by a way nobody else can take. Default: by AUTHORIZER_CONTEXT_FROM. */
  readonly viaGateway?: ((request: FastifyRequest) => boolean) | undefined;
  /** Registers the routes of people and of the authorization server. */
  readonly register: (app: FastifyInstance) => Promise<void>;
}

export const buildApp = async (parts: AppParts): Promise<FastifyInstance> => {
  const { config } = parts;
  // As Fastify's own type of logger: the instance's type otherwise carries pino's through every plugin.
  const loggerInstance: FastifyBaseLogger = parts.log;
  const app = Fastify({
    ...requestLimits(),
    loggerInstance,
    genReqId: requestId,
    childLoggerFactory: requestLogger,
    // observe.ts writes the one line a request needs.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? [...config.TRUSTED_PROXIES] : false,
    return503OnClosing: true,
    frameworkErrors: answerMalformed,
  });
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) (await import('../http/tracing.ts')).addTracing(app);
  const gateway = addGatewayContext(app, parts.viaGateway ?? cameFrom(config.AUTHORIZER_CONTEXT_FROM));
  addRequestIds(app);
  addOrigins(app, gateway);
  addHeaderTokens(app, tokenHeaders(config.TOOL_PACKS));
  addObservation(app, parts.bearer);
  addGuards(app, { publicUrl: config.PUBLIC_URL, allowedOrigins: config.ALLOWED_ORIGINS });
  addCors(app, { publicUrl: config.PUBLIC_URL, headers: tokenHeaders(config.TOOL_PACKS) });
  addErrorHandler(app, parts.errors);
  addJsonBody(app);
  addTextCheck(app);
  addHealth(app, parts.health);
  const bearer = createBearer({ ...parts.bearer, config });
  registerMcp(app, { ...parts.mcp, bearer, resource: new URL(config.RESOURCE) });
  registerFacade(app, { ...parts.facade, bearer, publicUrl: config.PUBLIC_URL });
  await parts.register(app);
  await app.ready();
  return app;
};
