/** Who decides about whose access. Undefined everywhere means no: then there is no such request for them. */
import { type OwnPlan, refusalOfOwn } from '../operations/own-request.ts';
import type { Actor } from './parts.ts';
import type { AccessRequest } from './rows.ts';
import type { AccountUpstream, AccountUpstreams } from './upstreams.ts';

export type Authority = 'global-admin' | 'local-manager';

/** What a request or an approval is about, for who decides about it. */
export interface Matter {
  readonly apis: readonly string[];
  readonly team: string | undefined;
}

export const matterOf = ({ accounts, team }: AccessRequest): Matter => ({ apis: accounts.map(({ api }) => api), team });

/** The upstreams whose accounts somebody decides about for their own team. */
export const managedBy = (upstreams: AccountUpstreams, { scopes, team }: Actor): readonly AccountUpstream[] =>
  team === undefined ? [] : upstreams.all.filter(({ decide, approval }) => approval !== 'none' && scopes.has(decide));

/**
 * Admins decide everything. A local manager holds the scope that the pack's contract names, and is of the team of whoever
 * asked; somebody without a team manages none.
 */
export const authorityOf = (upstreams: AccountUpstreams, by: Actor, { apis, team }: Matter): Authority | undefined => {
  if (by.scopes.has('admin')) return 'global-admin';
  const managed = new Set(managedBy(upstreams, by).map(({ api }) => api));
  const ofTheirTeam = by.team !== undefined && by.team === team;
  return ofTheirTeam && apis.length > 0 && apis.every((api) => managed.has(api)) ? 'local-manager' : undefined;
};

/** Nobody decides about their own access, whatever else they may: see same-human.ts. */
export const refusalOfOwnAccess = (by: Actor, { requester }: Pick<AccessRequest, 'requester'>, withoutEmail: boolean) =>
  refusalOfOwn(by, requester, withoutEmail, accessWords);

const accessWords: OwnPlan = {
  same: 'Nobody decides about their own access. Ask another manager, or an admin.',
};
