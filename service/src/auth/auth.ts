/** Everything that says who somebody is and what they may do, put together from the configuration. */
import type { Logger } from 'pino';
import type { Audit } from '../audit/port.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Tables } from '../ports/tables.ts';
import { type Apps, createApps } from './apps.ts';
import {
  type AuthorizationServer,
  type AuthorizationServerParts,
  createAuthorizationServer,
} from './authorization-server.ts';
import { type Clients, outsideClients, ownClients } from './clients.ts';
import { createCookieJar } from './cookies.ts';
import { createElevations, type Elevations } from './elevations.ts';
import { createVisitorForms, type VisitorForms } from './forms.ts';
import { createGrants, type Grants } from './grants.ts';
import { openSigningKeys } from './keys.ts';
import { outsideTokens } from './outside-tokens.ts';
import { ownTokens } from './own-tokens.ts';
import { createPeople, type People } from './people.ts';
import { createRegistrationUse } from './registrations.ts';
import { createRevocation, type Revoke } from './revocation.ts';
import { deriveSecrets, type Secrets } from './secrets.ts';
import { createSso, type Sso } from './sso.ts';
import { createStepUps, type StepUps } from './step-ups.ts';
import { createTokenVerifier, type TokenVerifier } from './verify.ts';
import { createWebSessions, type WebSessions } from './web-sessions.ts';

export interface AuthParts {
  readonly config: Config;
  /** Of loadEncryptionKey. */
  readonly encryptionKey: string;
  readonly tables: Tables;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  /** The page for an authorization that cannot go on. */
  readonly errorPage: AuthorizationServerParts['errorPage'];
  /** How client id metadata documents are fetched. Default: guardedFetch. */
  readonly fetch?: typeof fetch;
}

export interface Auth {
  readonly secrets: Secrets;
  readonly verifier: TokenVerifier;
  readonly sessions: WebSessions;
  readonly forms: VisitorForms;
  readonly people: People;
  readonly grants: Grants;
  readonly revoke: Revoke;
  readonly elevations: Elevations;
  readonly clients: Clients;
  /** Absent when AUTH_ISSUER connects them. */
  readonly apps?: Apps;
  readonly stepUps: StepUps;
  /** Absent when people pick a demo person. */
  readonly sso?: Sso;
  /** Absent when AUTH_ISSUER issues the tokens. */
  readonly server?: AuthorizationServer;
}

/** @throws when the store is away: without signing keys nothing can be issued or verified */
export const createAuth = async (parts: AuthParts): Promise<Auth> => {
  const { config, now } = parts;
  const secrets = deriveSecrets(parts.encryptionKey);
  const jar = createCookieJar(config.PUBLIC_URL);
  const grants = createGrants(parts);
  const people = createPeople(parts);
  const elevations = createElevations(parts);
  const stepUps = createStepUps(parts);
  const revoke = createRevocation({ grants, elevations, audit: parts.audit });
  const shared = {
    secrets,
    grants,
    people,
    elevations,
    stepUps,
    revoke,
    sessions: createWebSessions({ ...parts, jar }),
    forms: createVisitorForms(secrets.formKey, jar),
    ...(config.SSO_ISSUER !== undefined && { sso: createSso({ ...parts, sealer: secrets.sealer, jar }) }),
  };
  if (config.AUTH_ISSUER !== undefined)
    return {
      ...shared,
      clients: outsideClients(stepUps, config.AUTH_ISSUER),
      verifier: createTokenVerifier({ source: outsideTokens(config), elevations, config, now }),
    };
  const keys = await openSigningKeys({ ...parts, secrets });
  const used = createRegistrationUse(parts);
  const server = createAuthorizationServer({ ...parts, secrets, keys, people, grants, revoke, stepUps, used });
  const clients = ownClients(grants, server, used);
  return {
    ...shared,
    clients,
    apps: createApps({ grants, clients, elevations, revoke, audit: parts.audit, config, now }),
    verifier: createTokenVerifier({ source: ownTokens({ keys, grants, people, config }), elevations, config, now }),
    server,
  };
};
