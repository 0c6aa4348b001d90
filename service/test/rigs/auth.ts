/** For story tests: the auth routes on a real port over in-memory stores, with a clock that can be turned. */
import Fastify, { type FastifyBaseLogger } from 'fastify';
import pino from 'pino';
import { missingScopes, scopeNames } from '../../../contracts/scopes.ts';
import { openAuditLog } from '../../src/audit/log.ts';
import type { Audit } from '../../src/audit/port.ts';
import type { AuditRecord } from '../../src/audit/record.ts';
import { type Auth, createAuth } from '../../src/auth/auth.ts';
import { AuthError } from '../../src/auth/auth-error.ts';
import type { Caller } from '../../src/auth/caller.ts';
import { forbiddenScopes, insufficientScopeChallenge, unauthorizedChallenge } from '../../src/auth/challenge.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import { addAuth, authorizationErrorPage } from '../../src/http/auth.ts';
import { addErrorHandler } from '../../src/http/errors.ts';
import { addOrigins } from '../../src/http/origin.ts';
import { createPageSessions } from '../../src/http/page-sessions.ts';
import { composePages } from '../../src/http/pages/composition.ts';
import { errorPageFor } from '../../src/http/pages/error.ts';
import { addRequestIds, requestId } from '../../src/http/request-ids.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { freePort } from '../servers/server.ts';
import { auditKeys } from './audit-keys.ts';

/** The scopes that people ask for; others are implied. */
const asked = ({ scopes }: Caller): string[] => scopeNames.filter((name) => scopes.has(name));

export interface AuthRig {
  readonly config: Config;
  /** Where it listens on localhost. */
  readonly port: number;
  readonly auth: Auth;
  readonly tables: TableEngine;
  readonly audit: Audit;
  /** Counted metrics, as `Name Value`. */
  readonly counted: string[];
  readonly log: string[];
  /** Turns the clock of this whole process. */
  advance(seconds: number): void;
  /** Audit records of a person, oldest first. */
  audited(personId: string): Promise<AuditRecord[]>;
  /** A second task on the same store, at a port of its own. */
  another(): Promise<AuthRig>;
  stop(): Promise<void>;
}

let offset = 0;
let running = 0;
// The authorization library asks Date.now itself, so this is the clock to turn.
const realNow = Date.now;
Date.now = () => realNow() + offset * 1000;
/** The clock that `advance` turns. */
export const testNow = () => new Date(Date.now());

export interface AuthRigOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  readonly tables?: TableEngine;
  /** Default: a free one. */
  readonly port?: number;
  readonly encryptionKey?: string;
  /** Address the service believes people type, where it is not the one it listens on. */
  readonly publicUrl?: string;
}

const testKey = 'a key for tests only, of more than 32 characters';

export const startAuth = async (options: AuthRigOptions = {}): Promise<AuthRig> => {
  const tables = options.tables ?? openMemoryTables({ now: testNow });
  const now = testNow;
  const counted: string[] = [];
  const metrics: Metrics = {
    count: (name, dimensions) => counted.push(`${name} ${Object.values(dimensions).join(' ')}`),
    observe: () => {},
    set: () => {},
  };
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const audit = openAuditLog({ tables, now, retentionDays: 1, keys: auditKeys });
  const ephemeral = openMemoryEphemeral({ now });
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({ genReqId: requestId, loggerInstance, disableRequestLogging: true });
  // The port is part of the issuer, so it is taken before anything is made from the configuration.
  const port = options.port ?? (await freePort());
  const config = parseConfig({
    PUBLIC_URL: options.publicUrl ?? `http://localhost:${port}`,
    PORT: String(port),
    // One pack, whatever others the registry has.
    TOOL_PACKS: 'tagging',
    ...options.environment,
  });
  const auth = await createAuth({
    config,
    encryptionKey: options.encryptionKey ?? testKey,
    tables,
    audit,
    metrics,
    log,
    now,
    errorPage: authorizationErrorPage(config),
    ...(options.fetch && { fetch: options.fetch }),
  });
  addRequestIds(app);
  addOrigins(app);
  addErrorHandler(app, { page: errorPageFor({ sandbox: true }) });
  const sandbox = config.ESTATE === 'sandbox';
  const pages = createPageSessions({
    waits: { countFor: async () => undefined },
    ...auth,
    packs: config.TOOL_PACKS,
    sandbox,
    timeZone: config.TIME_ZONE,
    composition: composePages([]),
  });
  await addAuth(app, { auth, pages, config, ephemeral, audit, metrics, now });
  app.get('/', async () => 'home');
  app.get('/whoami', async (request, reply) => {
    const { scope = '' } = request.query as { scope?: string };
    const needed = scope.split(' ').filter((name) => name === 'tag:write' || name === 'tag:approve');
    try {
      const caller = await auth.verifier.verify(request.headers.authorization);
      if (missingScopes(caller.scopes, needed).length === 0) return { ...caller, scopes: asked(caller) };
      const current = await auth.verifier.current(caller);
      if (missingScopes(current.scopes, needed).length === 0) return { ...current, scopes: asked(current) };
      if (forbiddenScopes(current, needed, config.TOOL_PACKS).length === 0) await auth.stepUps.challenged(current);
      const { status, headers, body } = insufficientScopeChallenge(current, needed, config);
      return reply.code(status).headers(headers).send(body);
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      const { status, headers, body } = unauthorizedChallenge(error, config);
      return reply.code(status).headers(headers).send(body);
    }
  });
  await app.listen({ port, host: 'localhost' });
  running++;
  const rig: AuthRig = {
    config,
    port,
    auth,
    tables,
    audit,
    counted,
    log: lines,
    advance: (seconds) => {
      offset += seconds;
    },
    audited: async (personId) => (await audit.query({ userId: personId, limit: 1000 })).items.reverse(),
    another: async () => startAuth({ ...options, tables, port: await freePort(), publicUrl: config.PUBLIC_URL }),
    async stop() {
      await app.close();
      running--;
      if (running === 0) offset = 0;
    },
  };
  return rig;
};
