/**
 * Puts the service together from a configuration and open stores. server.ts starts what comes out; tests do the same.
 * Each storey stands on those before it: the audit log, who somebody is, the pipeline, the packs, their tools, HTTP.
 */
import type { RequestStateCodec } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PackName } from '../../../contracts/packs/index.ts';
import { type AccountAccess, openAccess } from '../accounts/access.ts';
import { dailyExpiry } from '../accounts/daily.ts';
import type { Anchoring } from '../audit/anchoring.ts';
import type { Audit } from '../audit/port.ts';
import { type Auth, createAuth } from '../auth/auth.ts';
import { loadEncryptionKey } from '../auth/secrets.ts';
import { createCredentials } from '../credentials/index.ts';
import { authorizationErrorPage } from '../http/auth.ts';
import { createOpenAnswers, type OpenAnswers } from '../http/open-answers.ts';
import type { Catalogue } from '../mcp/catalogue.ts';
import type { Surface } from '../mcp/surface.ts';
import { linked, openObjects } from '../objects/index.ts';
import { createLinks } from '../objects/links.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import { enabledPacks } from '../packs/index.ts';
import { type OpenPacks, openPacks } from '../packs/open.ts';
import type { OpenPack } from '../packs/pack.ts';
import type { ObjectEngine } from '../ports/objects.ts';
import type { UpstreamEngine } from '../ports/upstream.ts';
import { openSns } from '../sns/index.ts';
import { openUpstreams } from '../upstream/open.ts';
import { openApp } from './application.ts';
import { openAudit } from './audit.ts';
import { openCarrier } from './carrier.ts';
import { serveCoreWork } from './core-work.ts';
import type { Foundation } from './foundation.ts';
import { holdersOf } from './holders.ts';
import { type OpenJobs, openJobs } from './jobs.ts';
import { type OpenNotices, openServiceNotices } from './notices.ts';
import { openPipeline } from './pipeline.ts';
import { openSafety } from './safety.ts';
import { serveTools } from './tools.ts';

export interface AssembleParts extends Foundation {
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
  readonly upstreams: UpstreamEngine;
  /** Files of packs, by their whole keys. */
  readonly objects: ObjectEngine;
  readonly access: AccountAccess;
  readonly jobs: OpenJobs;
  readonly notices: OpenNotices;
  /** Answers of /mcp under way. */
  readonly openAnswers: OpenAnswers;
}

/** @throws when a pack cannot be opened, or what is opened does not fit together; no pack stays open */
export const assemble = async (parts: AssembleParts): Promise<Service> => {
  const { config, state, metrics, log, now } = parts;
  const encryptionKey = await loadEncryptionKey(config);
  const jobs = openJobs(parts, await openCarrier(config));
  const notices = await openServiceNotices(parts, jobs);
  const { audit: unwatched, imported, anchoring, auditExport } = await openAudit(parts, encryptionKey);
  const audit = notices.watched(unwatched);
  const errorPage = authorizationErrorPage(config);
  const auth = await createAuth({ ...parts, ...state, audit, encryptionKey, errorPage });

  // The pipeline carries out what tools planned, and tools of packs hand it their plans: it looks them up when it is asked.
  const served: { catalogue?: Catalogue; packs?: OpenPacks } = {};
  const access = openAccess({
    ...{ tables: state.tables, audit, config, log, now },
    listed: async (api, person) => served.packs?.listed(api, person),
    outbox: notices.accessOutbox,
  });
  const credentials = createCredentials({ ...parts, ...state, encryptionKey, audit, people: auth.people });
  const toolOf = (tool: string) => served.catalogue?.entries.get(tool)?.tool;
  const pipeline = openPipeline(
    { ...parts, audit, outbox: notices.outbox },
    { secrets: auth.secrets, inPerson: credentials.inPerson, toolOf, accounts: access.gate },
  );
  const upstreams = openUpstreams({ config: { ...config }, metrics, log, now });
  const sns = openSns({ upstreams, now });
  const objects = await openObjects(config);
  const links = createLinks({ key: auth.secrets.downloadKey, publicUrl: config.PUBLIC_URL, now });
  const packs = await openPacks(enabledPacks(config.TOOL_PACKS, parts.packs), {
    ...{ config, pipeline, upstreams, sns, metrics, log, now },
    jobsOf: jobs.of,
    notifyOf: notices.notifyOf,
    credentialsOf: credentials.lendTo,
    tables: state.tables,
    ephemeral: state.ephemeral,
    objects: linked(objects, links),
    holders: holdersOf(config),
    accountsOf: access.portOf,
  });
  served.packs = packs;
  try {
    const expiry = dailyExpiry(access);
    const safety = openSafety(parts, { audit, upstreams });
    serveCoreWork(jobs, { ...parts, auditExport, audit, objects, intents: safety.intents });
    jobs.serve([...packs.workers, expiry.worker], [...packs.jobs, expiry.job]);
    notices.serve({ pipeline, access, audit, auth });
    const openAnswers = createOpenAnswers();
    const { accounts: connected } = credentials;
    const below = { safety, audit, imported, auth, pipeline, packs, jobs, access, notices, objects, links, sns };
    const storeys = { ...below, openAnswers, connected };
    const tools = serveTools(parts, storeys);
    const { catalogue } = tools;
    served.catalogue = catalogue;
    const app = await openApp(parts, { ...storeys, ...tools });
    const opened = { audit, anchoring, auth, packs, access, jobs, notices, upstreams, objects };
    return { app, pipeline, catalogue, openAnswers, ...opened };
  } catch (error) {
    await packs.close();
    throw error;
  }
};
