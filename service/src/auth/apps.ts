/** The apps a person has connected: each client once, with all its grants that still stand, and how it is ended. */
import { impliedScopes, isScope, offeredScopes, type Scope, scopes } from '../../../contracts/scopes.ts';
import { eventFrom } from '../audit/event.ts';
import type { Audit } from '../audit/port.ts';
import type { Config } from '../config.ts';
import type { Origin } from '../origin.ts';
import type { Clients, NamedClient } from './clients.ts';
import type { Elevation, Elevations } from './elevations.ts';
import type { Grants, StandingGrant } from './grants.ts';
import type { Revoke } from './revocation.ts';

export interface ConnectedApp {
  /** Of its newest grant's row. */
  readonly sessionId: string;
  readonly client: NamedClient;
  /** Hosts that answers went to. Empty where they are older than this record. */
  readonly answersTo: readonly string[];
  /** What it may do for as long as it is connected. */
  readonly scopes: readonly Scope[];
  /** What it may do for a while, by when that ends: granted to a token, or raised on the step-up page. */
  readonly elevated: readonly Elevation[];
  /** ISO time of the first consent that still stands. */
  readonly since: string;
  /** ISO time at which the last of its grants ends. */
  readonly until: string;
  /** ISO time, to a few minutes; absent when it never called. */
  readonly lastUsedAt?: string;
}

/** Who ends a grant, from where. */
export interface Disconnecting {
  readonly personId: string;
  readonly origin: Origin;
}

export interface Apps {
  /** The newest first, no more than a page of them; `more` when there are others. */
  of(personId: string): Promise<{ readonly apps: readonly ConnectedApp[]; readonly more: boolean }>;
  /**
   * Ends all grants of the client with their tokens, and what was raised for it. Audited for who did it and for whose
   * it was.
   * @param sessionId any grant of the client
   * @param personId whose grant it must be
   * @returns false when they have no such grant, or none of the client any more
   */
  disconnect(sessionId: string, personId: string, by: Disconnecting): Promise<boolean>;
}

interface Parts {
  readonly grants: Pick<Grants, 'standing' | 'alongside'>;
  readonly clients: Pick<Clients, 'named'>;
  readonly elevations: Pick<Elevations, 'find' | 'end'>;
  readonly revoke: Revoke;
  readonly audit: Pick<Audit, 'append'>;
  readonly config: Pick<Config, 'TOOL_PACKS'>;
  readonly now: () => Date;
}

type Grouped = readonly [StandingGrant, ...StandingGrant[]];

const mostApps = 100;

const byClient = (grants: readonly StandingGrant[]): Grouped[] => {
  const groups = new Map<string, [StandingGrant, ...StandingGrant[]]>();
  for (const grant of grants) {
    const group = groups.get(grant.clientId);
    if (group) group.push(grant);
    else groups.set(grant.clientId, [grant]);
  }
  return [...groups.values()];
};

const latest = (times: readonly string[]): string | undefined => [...times].sort().at(-1);

/** Each elevated scope on offer with the latest time at which it ends, those that end together in one. */
const elevatedOf = (elevations: readonly Elevation[], offered: readonly Scope[], at: number): Elevation[] => {
  const ends = new Map<Scope, number>();
  for (const { scopes: held, until } of elevations)
    for (const name of held)
      if (scopes[name].elevated && until > at) ends.set(name, Math.max(until, ends.get(name) ?? 0));
  const times = [...new Set(ends.values())].sort((one, other) => one - other);
  return times
    .map((until) => ({ scopes: offered.filter((name) => ends.get(name) === until), until }))
    .filter((some) => some.scopes.length > 0);
};

const appOf = async ({ clients, elevations, config, now }: Parts, grants: Grouped): Promise<ConnectedApp> => {
  const [{ grantId, personId, clientId, createdAt }] = grants;
  const [client, raised] = await Promise.all([clients.named(clientId), elevations.find(personId, clientId)]);
  const offered = offeredScopes(config.TOOL_PACKS);
  const lasting = impliedScopes(
    grants.flatMap((grant) => grant.scopes),
    config.TOOL_PACKS,
  );
  const granted = grants.map(({ scopes: held, elevatedUntil }) => ({
    scopes: held.filter(isScope),
    until: elevatedUntil,
  }));
  const lastUsedAt = latest(grants.flatMap((grant) => grant.lastUsedAt ?? []));
  return {
    sessionId: grantId,
    client,
    answersTo: [...new Set(grants.flatMap((grant) => grant.answersTo ?? []))],
    scopes: offered.filter((name) => lasting.has(name) && !scopes[name].elevated),
    elevated: elevatedOf([...granted, ...(raised ? [raised] : [])], offered, now().getTime() / 1000),
    since: grants.at(-1)?.createdAt ?? createdAt,
    until: latest(grants.map((grant) => grant.expiresAt)) ?? createdAt,
    ...(lastUsedAt !== undefined && { lastUsedAt }),
  };
};

export const createApps = (parts: Parts): Apps => ({
  async of(personId) {
    const groups = byClient(await parts.grants.standing(personId));
    const shown = groups.slice(0, mostApps);
    return { apps: await Promise.all(shown.map((grants) => appOf(parts, grants))), more: groups.length > mostApps };
  },
  async disconnect(sessionId, personId, by) {
    const grants = await parts.grants.alongside(sessionId, personId);
    const clientId = grants[0]?.clientId;
    if (clientId === undefined) return false;
    await parts.audit.append(
      eventFrom(by.origin, {
        userId: by.personId,
        tool: 'apps-page',
        action: 'delete',
        result: 'success',
        clientId,
        summary: { disconnected: grants.map(({ grantId }) => grantId), person: personId },
      }),
    );
    for (const { grantId } of grants) await parts.revoke(grantId, by.origin, by.personId);
    await parts.elevations.end(personId, clientId);
    return true;
  },
});
