/** What answers over HTTP: MCP, the REST facade and health here; pages, sign-in and webhooks in people.ts. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { eventFrom } from '../audit/event.ts';
import type { AuditEvent } from '../audit/record.ts';
import { sentBy } from '../credentials/header-tokens.ts';
import type { BearerParts, ScopeRefusal } from '../http/bearer.ts';
import type { HealthParts } from '../http/health.ts';
import { originOf } from '../http/origin.ts';
import { errorPageFor } from '../http/pages/error.ts';
import { openRateLimit } from '../http/rate-limit.ts';
import { openProtocol } from '../mcp/server.ts';
import { version } from '../version.ts';
import { buildApp } from './app.ts';
import type { Foundation } from './foundation.ts';
import { addRoutesOfPeople } from './people.ts';
import type { Storeys } from './storeys.ts';

interface AppSettings extends Foundation {
  readonly draining: () => boolean;
  readonly viaGateway?: (request: FastifyRequest) => boolean;
  readonly streams?: boolean;
}

/** The record of a refusal: who asked for what their token does not allow. */
const refusedFor = ({ caller, needed, way }: ScopeRefusal, request: FastifyRequest): AuditEvent =>
  eventFrom(originOf(request), {
    userId: caller.personId,
    clientId: caller.clientId,
    tool: 'token',
    action: 'authorize',
    result: 'blocked',
    errorCode: way === 'denied' ? 'access_denied' : 'insufficient_scope',
    summary: { required_scope: needed.join(' ') },
  });

const bearerOf = (
  { config, state, metrics }: Foundation,
  { auth, audit }: Pick<Storeys, 'auth' | 'audit'>,
): Omit<BearerParts, 'config'> => {
  const rateLimit = openRateLimit({ ephemeral: state.ephemeral, perMinute: config.RATE_LIMIT_PER_MINUTE });
  return {
    metrics,
    verify: auth.verifier.verify,
    current: auth.verifier.current,
    onRefused: async (refusal, request) => {
      await audit.append(refusedFor(refusal, request));
      if (refusal.way === 'challenge') await auth.stepUps.challenged(refusal.caller);
    },
    askedBefore: auth.stepUps.askedBefore,
    admit: async (caller, request, reply) => {
      await rateLimit(caller, reply);
      sentBy(originOf(request), caller);
    },
  };
};

/** What /health reads: the stores, and what packs say of themselves. Packs are never what the service is not ready for. */
const healthOf = (
  { config, state, metrics, now, draining }: AppSettings,
  { catalogue, packs }: Pick<Storeys, 'catalogue' | 'packs'>,
): HealthParts => {
  const { tables, ephemeral, home } = state;
  return {
    version,
    colour: config.DEPLOYMENT_COLOUR,
    tools: catalogue.list.length,
    facts: packs.facts,
    stores: {
      tables: async () => {
        await tables.ping();
        return 'ok';
      },
      ephemeral: () => ephemeral.health(),
      ...packs.health,
    },
    optional: ['ephemeral', ...Object.keys(packs.health)],
    ...{ draining, metrics, now },
    home: home === undefined ? undefined : () => ({ ...home.seen, writes: home.isHome() }),
  };
};

export const openApp = async (settings: AppSettings, storeys: Storeys): Promise<FastifyInstance> => {
  const { config, log, now, streams = true, viaGateway } = settings;
  const { surface, requestState, openAnswers, catalogue, dispatch, needed, pipeline, audit, imported } = storeys;
  return buildApp({
    config,
    log,
    bearer: bearerOf(settings, storeys),
    mcp: { surface, openAnswers, protocol: await openProtocol({ surface, version, requestState, streams, log }) },
    facade: { catalogue, dispatch, needed, pipeline, audit, imported, log, now },
    health: healthOf(settings, storeys),
    errors: { page: errorPageFor({ sandbox: config.DEMO_PEOPLE }) },
    viaGateway,
    register: (scope) => addRoutesOfPeople(scope, settings, storeys),
  });
};
