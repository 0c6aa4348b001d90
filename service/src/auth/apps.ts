/** The apps a person has connected: each grant that still stands, and how it is ended. */
import { isScope, type Scope } from '../../../contracts/scopes.ts';
import type { Audit } from '../audit/port.ts';
import type { Clients, NamedClient } from './clients.ts';
import type { Elevation, Elevations } from './elevations.ts';
import type { Grants, StandingGrant } from './grants.ts';
import type { Revoke } from './revocation.ts';

export interface ConnectedApp {
  /** Of the grant's row. */
  readonly sessionId: string;
  readonly client: NamedClient;
  /** As of its newest token. */
  readonly scopes: readonly Scope[];
  /** ISO time of the consent. */
  readonly since: string;
  /** Raised on the step-up page for this person and client; still running. */
  readonly raised?: Elevation;
}

/** Who ends a grant, from where. */
export interface Disconnecting {
  readonly personId: string;
  readonly correlationId: string;
  readonly ipAddress: string;
}

export interface Apps {
  /** The newest first, no more than a page of them; `more` when there are others. */
  of(personId: string): Promise<{ readonly apps: readonly ConnectedApp[]; readonly more: boolean }>;
  /**
   * Ends the grant with its tokens, and what was raised for its client. Audited for who did it and for whose it was.
   * @param personId whose grant it must be
   * @returns false when they have no such grant, or not any more
   */
  disconnect(sessionId: string, personId: string, by: Disconnecting): Promise<boolean>;
}

interface Parts {
  readonly grants: Pick<Grants, 'standing' | 'find'>;
  readonly clients: Pick<Clients, 'named'>;
  readonly elevations: Pick<Elevations, 'find' | 'end'>;
  readonly revoke: Revoke;
  readonly audit: Pick<Audit, 'append'>;
}

const mostApps = 100;

const appOf = async ({ clients, elevations }: Parts, grant: StandingGrant): Promise<ConnectedApp> => {
  const [client, raised] = await Promise.all([
    clients.named(grant.clientId),
    elevations.find(grant.personId, grant.clientId),
  ]);
  return {
    sessionId: grant.grantId,
    client,
    scopes: grant.scopes.filter(isScope),
    since: grant.createdAt,
    ...(raised && { raised }),
  };
};

export const createApps = (parts: Parts): Apps => ({
  async of(personId) {
    const standing = await parts.grants.standing(personId, mostApps + 1);
    const shown = standing.slice(0, mostApps);
    return { apps: await Promise.all(shown.map((grant) => appOf(parts, grant))), more: standing.length > mostApps };
  },
  async disconnect(sessionId, personId, by) {
    const grant = await parts.grants.find(sessionId);
    if (!grant || grant.personId !== personId) return false;
    const { clientId } = grant;
    await parts.audit.append({
      userId: by.personId,
      correlationId: by.correlationId,
      tool: 'apps-page',
      action: 'delete',
      result: 'success',
      clientId,
      ipAddress: by.ipAddress,
      summary: { disconnected: sessionId, person: personId },
    });
    await parts.revoke(sessionId, by.personId);
    await parts.elevations.end(personId, clientId);
    return true;
  },
});
