/** Access to the accounts of three upstreams, as a pack for marketing would have them, over given tables. */
import type { Scope } from '../../../contracts/scopes.ts';
import { impliedScopes } from '../../../contracts/scopes.ts';
import { authorityOf, type Matter, refusalOfOwnAccess } from '../../src/accounts/authority.ts';
import { decideAccess } from '../../src/accounts/decide.ts';
import { expireAccess } from '../../src/accounts/expire.ts';
import { type AccountUse, createAccountGate } from '../../src/accounts/gate.ts';
import { type AccessOutbox, noAccessOutbox } from '../../src/accounts/outbox.ts';
import type { AccessParts, Actor } from '../../src/accounts/parts.ts';
import { requestAccess } from '../../src/accounts/request.ts';
import { revokeAccess } from '../../src/accounts/revoke.ts';
import { type AccessRequest, requestOf } from '../../src/accounts/rows.ts';
import { AccessStore } from '../../src/accounts/store.ts';
import { toUpstreams } from '../../src/accounts/upstreams.ts';
import { openAuditLog } from '../../src/audit/log.ts';
import type { CallContext } from '../../src/call.ts';
import type { AccountRef } from '../../src/ports/accounts.ts';
import type { Tables } from '../../src/ports/tables.ts';
import { auditKeys } from './audit-keys.ts';

const upstream = (api: string, title: string, id: RegExp, example: string) =>
  ({ api, pack: 'marketing', title, id, example, approval: 'all', read: 'tag:read', decide: 'tag:approve' }) as const;

export const upstreams = toUpstreams(
  [
    upstream('GoogleAds', 'customer of Google Ads', /\d{10}/, '1234567890'),
    upstream('GSC', 'property of Search Console', /(sc-domain:[a-z.-]+|https:\/\/[a-z.-]+\/)/, 'sc-domain:example.com'),
    upstream('Analytics', 'property of Analytics', /\d{1,12}/, '123456'),
  ],
  (tool) => (tool === 'get_campaign_performance' || tool === 'update_budget' ? 'marketing' : undefined),
);

/** Somebody of a team. @param more what else their identity provider says */
export const somebody = (
  personId: string,
  team: string | undefined,
  scopes: Scope[],
  more: Partial<Actor> = {},
): Actor => ({
  personId,
  name: personId,
  email: `${personId}@example.com`,
  ...(team !== undefined && { team }),
  scopes: impliedScopes(scopes),
  clientId: 'client',
  ...more,
});

export const from = (via: 'page' | 'mcp'): Pick<CallContext, 'origin'> => ({
  origin: { kind: 'request', via, correlationId: 'correlation', ipAddress: '192.0.2.7', userAgent: 'test' },
});

/** @param outbox has people told of it; default nobody */
export const openAccessRig = (
  tables: Tables,
  now: () => Date,
  settings: Partial<AccessParts['settings']> = {},
  outbox: AccessOutbox = noAccessOutbox,
) => {
  const store = new AccessStore(tables, now);
  const audit = openAuditLog({ tables, now, keys: auditKeys, retentionDays: 730 });
  const parts: AccessParts = {
    ...{ store, upstreams, audit, outbox, now },
    listed: async () => undefined,
    settings: { requestDays: 14, approveByTool: false, approveWithoutEmail: false, ...settings },
  };
  const gate = createAccountGate({ upstreams, store, listed: async () => undefined });
  return {
    ...{ store, audit, parts },
    /** What the notices read of it. */
    reading: {
      look: async (requestId: string) => {
        const row = await store.requestRow(requestId);
        return row && requestOf(row);
      },
      approvalsOf: (userId: string) => store.approvalsOf(userId),
      authority: (by: Actor, matter: Matter) => authorityOf(upstreams, by, matter),
      refusalOfOwn: (by: Actor, request: AccessRequest) => refusalOfOwnAccess(by, request, false)?.message,
    },
    ask: (by: Actor, accounts: AccountRef[], more: { reason?: string; days?: number } = {}) =>
      requestAccess(parts, by, { accounts, reason: 'The campaign of spring', ...more }, from('mcp')),
    decide: (
      by: Actor,
      requestId: string,
      more: Partial<Parameters<typeof decideAccess>[2]> = {},
      via: 'page' | 'mcp' = 'page',
    ) => decideAccess(parts, by, { requestId, decision: 'approve', ...more }, from(via)),
    revoke: (by: Actor, userId: string, account: AccountRef) =>
      revokeAccess(parts, by, { userId, ...account, note: 'Left the team' }, from('page')),
    expire: () =>
      expireAccess(parts, {
        error: (fault: unknown) => {
          throw fault;
        },
      }),
    /** Undefined where the call may run, else the refusal. */
    refusal: (who: Actor, accounts: AccountRef[], use: AccountUse = 'read') =>
      gate.allow(who, 'get_campaign_performance', accounts, use).then(
        () => undefined,
        (error: unknown) => error,
      ),
    gate,
    recordsOf: async (userId: string) =>
      (await audit.query({ userId, limit: 100 })).items.map(({ tool, action, result, errorCode }) =>
        [tool, action, result, ...(errorCode === undefined ? [] : [errorCode])].join(' '),
      ),
  };
};
