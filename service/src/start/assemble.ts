/** Puts the service together from a configuration and open stores. server.ts starts what comes out; tests do the same. */
import { randomUUID } from 'node:crypto';
import { createRequestStateCodec, type RequestStateCodec } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { PackName } from '../../../contracts/packs/index.ts';
import { scopesOfRoles } from '../../../contracts/scopes.ts';
import { openAnchors } from '../anchors/index.ts';
import { type Anchoring, openAnchoring } from '../audit/anchoring.ts';
import { eventFrom } from '../audit/event.ts';
import { openImportedAudit } from '../audit/imported.ts';
import { openAuditLog } from '../audit/log.ts';
import { hmac } from '../audit/mac.ts';
import { markRegion } from '../audit/mark.ts';
import type { Audit } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import { type Auth, createAuth } from '../auth/auth.ts';
import { demoPeople } from '../auth/people.ts';
import { deriveSecrets, loadEncryptionKey } from '../auth/secrets.ts';
import type { Config } from '../config.ts';
import { regionalAudit } from '../home/regional-audit.ts';
import { addAddressLimits } from '../http/address-limit.ts';
import { addAuth, authorizationErrorPage } from '../http/auth.ts';
import type { ScopeRefusal } from '../http/bearer.ts';
import { createOpenAnswers, type OpenAnswers } from '../http/open-answers.ts';
import { originOf } from '../http/origin.ts';
import { createPageSessions } from '../http/page-sessions.ts';
import { composePages, type PagesOfPack } from '../http/pages/composition.ts';
import { createDrafts } from '../http/pages/drafts.ts';
import { errorPageFor } from '../http/pages/error.ts';
import { registerPages } from '../http/pages/index.ts';
import { openRateLimit } from '../http/rate-limit.ts';
import { registerWebhooks, secretOf } from '../http/webhooks/index.ts';
import { createOnce } from '../http/webhooks/once.ts';
import { createAccountGate } from '../mcp/accounts.ts';
import { createAppSurface } from '../mcp/app-surface.ts';
import { type Catalogue, createCatalogue } from '../mcp/catalogue.ts';
import { createCursors } from '../mcp/cursors.ts';
import { createDispatch } from '../mcp/dispatch.ts';
import { createGuards } from '../mcp/guards.ts';
import { instructionsOf } from '../mcp/instructions.ts';
import { createIntents } from '../mcp/intents.ts';
import { neededScopes } from '../mcp/needed-scopes.ts';
import { openProtocol } from '../mcp/server.ts';
import type { Surface } from '../mcp/surface.ts';
import type { Tool } from '../mcp/tool.ts';
import { parseMoney } from '../measures/money.ts';
import { openApprovalHashes } from '../operations/hash.ts';
import { APPLY_MS, CLAIM_WAIT_MS } from '../operations/lease.ts';
import { createPipeline, type Pipeline } from '../operations/pipeline.ts';
import { createSight } from '../operations/sight.ts';
import { OperationStore } from '../operations/store.ts';
import { openCoreTools, operationResources } from '../packs/core/index.ts';
import { enabledPacks } from '../packs/index.ts';
import type { OpenedPack } from '../packs/merge.ts';
import { type OpenPacks, openPacks } from '../packs/open.ts';
import type { OpenPack, PackServices } from '../packs/pack.ts';
import { routesServedBy } from '../packs/routes.ts';
import type { Metrics } from '../ports/metrics.ts';
import { version } from '../version.ts';
import { buildApp } from './app.ts';
import type { ServiceState } from './state.ts';

export interface AssembleParts {
  readonly config: Config;
  readonly state: ServiceState;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  /** Opens some packs otherwise than they open themselves, for tests. */
  readonly packs?: Partial<Record<PackName, OpenPack>>;
  readonly draining: () => boolean;
  /** Serves another surface over the same app; the conformance suite's fixtures. */
  readonly surface?: (own: Surface, requestState: RequestStateCodec<unknown>) => Surface;
  /** How client id metadata documents are fetched. Default: the global fetch. */
  readonly fetch?: typeof fetch;
  /** Whether a request came from API Gateway by a way nobody else can take. Default: by AUTHORIZER_CONTEXT_FROM. */
  readonly viaGateway?: (request: FastifyRequest) => boolean;
  /** Whether answers may be streams. Default true. */
  readonly streams?: boolean;
}

export interface Service {
  readonly app: FastifyInstance;
  readonly pipeline: Pipeline;
  readonly audit: Audit;
  readonly anchoring: Anchoring;
  readonly auth: Auth;
  readonly catalogue: Catalogue;
  readonly packs: OpenPacks;
  /** Answers of /mcp under way. */
  readonly openAnswers: OpenAnswers;
}

/** Seconds a person's sign-in counts as fresh enough to approve on the page. */
const FRESH_SECONDS = 900;
const MOST_CHANGES = 500;
/** Charges of metered upstream requests above which a call is asked about first. */
const MOST_CHARGES = [parseMoney('0.50', 'USD')];
const REQUEST_STATE_SECONDS = 300;

export const assemble = async (parts: AssembleParts): Promise<Service> => {
  const { config, state, metrics, log, now } = parts;
  const encryptionKey = await loadEncryptionKey(config);
  const keys = [hmac(deriveSecrets(encryptionKey).auditKey)] as const;
  const chains = openAuditLog({ tables: state.tables, now, keys, retentionDays: config.AUDIT_RETENTION_DAYS, metrics });
  const audit = state.home === undefined ? chains : regionalAudit(chains, state.home);
  const anchors = await openAnchors(config);
  if (anchors === undefined)
    log.warn({}, 'audit heads are signed but not anchored outside the database; set AUDIT_ANCHOR_BUCKET');
  const anchoring = openAnchoring({
    tables: state.tables,
    keys,
    anchors,
    region: markRegion(config),
    retentionDays: config.AUDIT_RETENTION_DAYS,
    metrics,
    log,
    now,
  });
  const auth = await createAuth({
    ...parts,
    ...state,
    audit,
    encryptionKey,
    errorPage: authorizationErrorPage(config),
  });

  const catalogued: { catalogue?: Catalogue } = {};
  const pipeline = openPipeline(parts, audit, auth.secrets, (tool) => catalogued.catalogue?.entries.get(tool)?.tool);
  const packs = await openPacks(enabledPacks(config.TOOL_PACKS, parts.packs), {
    ...{ config, pipeline, metrics, log, now },
    tables: state.tables,
    ephemeral: state.ephemeral,
    holders: holdersOf(config),
  });
  const imported = openImportedAudit(state.tables, now);
  const core = { pipeline, audit, imported, publicUrl: config.PUBLIC_URL };
  const catalogue = createCatalogue([...packs.tools, ...openCoreTools(core)], config.TOOL_PACKS);
  const needed = neededScopes(pipeline);
  catalogued.catalogue = catalogue;

  const dispatch = createDispatch({
    catalogue,
    needed,
    packs: config.TOOL_PACKS,
    pipeline,
    audit,
    metrics,
    log,
    now,
    guards: createGuards(state.ephemeral, {
      budgetCallsPerHour: config.BUDGET_CALLS_PER_HOUR,
      loopCalls: config.LOOP_CALLS,
    }),
    intents: createIntents(state.tables, now),
    cursors: createCursors(auth.secrets.cursorKey, now),
    accounts: createAccountGate(packs.accountsOf),
    questions: {
      clarify: config.CLARIFY,
      maxResources: config.MAX_RESOURCES_WITHOUT_APPROVAL,
      maxCharges: MOST_CHARGES,
    },
  });
  const own = createAppSurface({
    catalogue,
    needed,
    packs: config.TOOL_PACKS,
    dispatch,
    resources: packs.resources,
    families: [operationResources(core)],
    prompts: packs.prompts,
    instructions: instructionsOf(packs.each.map(({ contract }) => contract)),
  });
  const requestState = createRequestStateCodec({
    key: auth.secrets.requestStateKey,
    ttlSeconds: REQUEST_STATE_SECONDS,
    bind: ({ mcpReq, http }) =>
      JSON.stringify([mcpReq.method, http?.authInfo?.clientId, personOf(http?.authInfo?.extra)]),
  });
  const surface = parts.surface?.(own, requestState) ?? own;
  const rateLimit = openRateLimit({ ephemeral: state.ephemeral, perMinute: config.RATE_LIMIT_PER_MINUTE });
  const sandbox = config.DEMO_PEOPLE;
  const composition = composePages(packs.each.map(pagesOf));
  const pages = createPageSessions({
    ...auth,
    packs: config.TOOL_PACKS,
    sandbox,
    timeZone: config.TIME_ZONE,
    composition,
  });
  const openAnswers = createOpenAnswers();
  const app = await buildApp({
    config,
    log,
    bearer: {
      metrics,
      verify: auth.verifier.verify,
      current: auth.verifier.current,
      onRefused: async (refusal, request) => {
        await audit.append(refusedFor(refusal, request));
        if (refusal.way === 'challenge') await auth.stepUps.challenged(refusal.caller);
      },
      askedBefore: auth.stepUps.askedBefore,
      admit: (caller, _request, reply) => rateLimit(caller, reply),
    },
    mcp: {
      surface,
      openAnswers,
      protocol: await openProtocol({ surface, version, requestState, streams: parts.streams ?? true, log }),
    },
    facade: { catalogue, dispatch, needed, pipeline, audit, imported, log, now },
    health: {
      version,
      colour: config.DEPLOYMENT_COLOUR,
      tools: catalogue.list.length,
      facts: packs.facts,
      stores: {
        tables: async () => {
          await state.tables.ping();
          return 'ok';
        },
        ephemeral: () => state.ephemeral.health(),
        ...packs.health,
      },
      optional: ['ephemeral', ...Object.keys(packs.health)],
      draining: parts.draining,
      metrics,
      now,
      home: homeFor(state),
    },
    errors: { page: errorPageFor({ sandbox }) },
    viaGateway: parts.viaGateway,
    register: async (scope) => {
      addAddressLimits(scope, {
        ephemeral: state.ephemeral,
        config,
        packRoutes: routesServedBy({ pages: composition.pages, webhooks: packs.webhooks }),
      });
      await registerWebhooks(scope, {
        webhooks: packs.webhooks,
        secretOf: secretOf(config),
        begin: createOnce({ tables: state.tables, now }),
        log,
        now,
      });
      await addAuth(scope, { auth, pages, config, audit, metrics, now, ephemeral: state.ephemeral });
      await registerPages(scope, {
        pages,
        operations: pipeline,
        audit,
        composition,
        clients: auth.clients,
        people: auth.people,
        ...(auth.apps && { apps: auth.apps }),
        mcpUrl: config.RESOURCE,
        version,
        tools: catalogue.list.length,
        freshSeconds: FRESH_SECONDS,
        approveOnPageOnly: config.APPROVE_ON_PAGE_ONLY,
        approveWithoutEmail: config.APPROVE_WITHOUT_EMAIL,
        drafts: createDrafts(state.ephemeral),
        log,
        now,
      });
    },
  });
  return { app, pipeline, audit, anchoring, auth, catalogue, packs, openAnswers };
};

const personOf = (extra: Record<string, unknown> | undefined): unknown => {
  const caller = extra?.caller;
  return typeof caller === 'object' && caller !== null && 'personId' in caller ? caller.personId : undefined;
};

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

/** What /health says of the home; nothing where there is one region. */
const homeFor = ({ home }: ServiceState) =>
  home === undefined ? undefined : () => ({ ...home.seen, writes: home.isHome() });

const holdersOf =
  (config: Config): PackServices['holders'] =>
  (scope) =>
    config.DEMO_PEOPLE
      ? demoPeople
          .filter((person) => scopesOfRoles(person.roles, config.TOOL_PACKS).has(scope))
          .map((person) => person.email)
      : [];

const pagesOf = ({ contract: { title, description }, pack: { pages = [], styles } }: OpenedPack): PagesOfPack => ({
  title,
  description,
  pages,
  ...(styles !== undefined && { styles }),
});

/** What leases name as their owner: of two colours on one store it says which. */
const instanceOf = ({ DEPLOYMENT_COLOUR: colour }: Config): string =>
  colour === undefined ? randomUUID() : `${colour}/${randomUUID()}`;

const openPipeline = (
  { config, state, metrics, log, now }: AssembleParts,
  audit: Audit,
  secrets: Auth['secrets'],
  toolOf: (name: string) => Tool | undefined,
): Pipeline =>
  createPipeline({
    store: new OperationStore(state.tables),
    audit,
    hashes: openApprovalHashes(secrets.approvalKey),
    sight: createSight(config.TOOL_PACKS),
    turns: new Map(),
    ephemeral: state.ephemeral,
    metrics,
    log,
    now,
    home: state.home,
    changes: (name) => {
      const tool = toolOf(name);
      return tool?.kind === 'change' ? tool : undefined;
    },
    settings: {
      approvalHours: config.APPROVAL_HOURS,
      confirmSeconds: config.CONFIRM_SECONDS,
      byTool: { approve: !config.APPROVE_ON_PAGE_ONLY, confirm: config.CONFIRM_BY_TOOL },
      approveWithoutEmail: config.APPROVE_WITHOUT_EMAIL,
      decisionsPerMinute: config.DECISIONS_PER_MINUTE,
      maxChanges: MOST_CHANGES,
      instanceId: instanceOf(config),
      onlyInstance: state.exclusive,
      waitingPerClient: config.WAITING_PER_CLIENT,
      waitingPerPerson: config.WAITING_PER_PERSON,
      applyMs: APPLY_MS,
      claimWaitMs: CLAIM_WAIT_MS,
    },
  });
