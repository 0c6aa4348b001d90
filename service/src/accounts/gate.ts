/** Whether a person may act on the upstream accounts that a call names. Asked before anything upstream is. */
import { routes } from '../../../contracts/routes.ts';
import { CountersignError } from '../errors.ts';
import type { AccountRef, AccountUser, NamedAccount } from '../ports/accounts.ts';
import type { AccessStore } from './store.ts';
import type { AccountUpstream, AccountUpstreams } from './upstreams.ts';

/** What a call does with the accounts that it names. */
export type AccountUse = 'read' | 'change';

/** Accounts as a plan names them: a plan of a pack with one upstream need not say which. */
export interface PlannedAccount {
  readonly api?: string | undefined;
  readonly accountId: string;
}

export interface AccountGate {
  /**
   * Nothing is remembered between two questions: what was revoked a moment ago is refused now.
   * @throws account_not_authorized, the same for an account that does not exist as for one that others may use
   * @throws a fault where a tool names accounts that are not its pack's
   */
  allow(person: AccountUser, tool: string, accounts: readonly AccountRef[], use: AccountUse): Promise<void>;
  /**
   * The same for the accounts of a plan. A change that names no upstream is of the only one of its tool's pack, and one whose
   * account is empty is on none: it changes something of the service.
   */
  allowPlan(person: AccountUser, tool: string, changes: readonly PlannedAccount[]): Promise<void>;
}

/** The accounts that the operator has enabled at an upstream. Undefined where its pack keeps no such list. */
export type ListedAccounts = (api: string, person: AccountUser) => Promise<readonly NamedAccount[] | undefined>;

interface Parts {
  readonly upstreams: AccountUpstreams;
  readonly store: AccessStore;
  readonly listed: ListedAccounts;
}

/** Accounts of one answer: a model reads them. */
const MOST_SHOWN = 20;

const asks = ({ approval }: AccountUpstream, use: AccountUse): boolean =>
  approval === 'all' || (approval === 'changes' && use === 'change');

const shown = ({ accountId, accountName, clientName }: NamedAccount) => ({
  accountId,
  ...(accountName !== undefined && { accountName }),
  ...(clientName !== undefined && { clientName }),
});

const actionOf = ({ api, approval }: AccountUpstream, accountId: string): string =>
  approval === 'none'
    ? 'Use one of these accounts, or ask the operator of this service to enable the other one.'
    : `Ask for access with request_account_access (api ${api}, account_id ${accountId}, and the reason of the person), or on the page ${routes.access.path}. A manager decides. Do not try again before that.`;

/** Made of the question and of the caller's own accounts alone, so that it tells nothing of anybody else's. */
const refusal = (upstream: AccountUpstream, accountId: string, own: readonly NamedAccount[]): CountersignError => {
  const { api, title } = upstream;
  const names = own.slice(0, MOST_SHOWN).map((account) => account.accountId);
  const left = own.length - names.length;
  const list = names.length === 0 ? 'none' : `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  const action = actionOf(upstream, accountId);
  return new CountersignError(
    'account_not_authorized',
    `accounts: ${accountId} is no ${title} that you may act on. You may act on ${list}. ${action}`,
    {
      details: {
        code: 'ACCOUNT_NOT_AUTHORIZED',
        api,
        requestedAccount: accountId,
        approvedAccounts: own.slice(0, MOST_SHOWN).map(shown),
        action,
      },
    },
  );
};

const distinct = (accounts: readonly AccountRef[]): readonly AccountRef[] => [
  ...new Map(accounts.map((account) => [JSON.stringify([account.api, account.accountId]), account])).values(),
];

export const createAccountGate = ({ upstreams, store, listed }: Parts): AccountGate => {
  /** What the person may act on: approved, where approvals are asked for, and enabled, where there is a list. */
  const ownOf = async (
    upstream: AccountUpstream,
    person: AccountUser,
    use: AccountUse,
  ): Promise<readonly NamedAccount[]> => {
    const enabled = await listed(upstream.api, person);
    if (!asks(upstream, use)) return enabled ?? [];
    const approved = await store.heldBy(person, upstream.api);
    return approved.filter(({ accountId }) => enabled?.some((account) => account.accountId === accountId) ?? true);
  };
  const mayUse = async (upstream: AccountUpstream, person: AccountUser, account: AccountRef, use: AccountUse) => {
    const enabled = await listed(upstream.api, person);
    const isEnabled = enabled?.some(({ accountId }) => accountId === account.accountId);
    if (!asks(upstream, use)) return isEnabled ?? false;
    return isEnabled !== false && (await store.holding(person, account)) !== undefined;
  };
  const ofTool = (tool: string, api: string | undefined): AccountUpstream => {
    const found = api === undefined ? upstreams.onlyOf(tool) : upstreams.get(api);
    if (found === undefined || !upstreams.isOf(tool, found))
      throw new Error(`${tool} names an account of ${api ?? 'no upstream'}, which is not one of its pack's upstreams`);
    return found;
  };
  const allow: AccountGate['allow'] = async (person, tool, accounts, use) => {
    for (const account of distinct(accounts)) {
      const upstream = ofTool(tool, account.api);
      if (await mayUse(upstream, person, account, use)) continue;
      throw refusal(upstream, account.accountId, await ownOf(upstream, person, use));
    }
  };
  return {
    allow,
    allowPlan: async (person, tool, changes) => {
      if (!upstreams.hasAccounts(tool)) return;
      const accounts = changes
        .filter(({ accountId }) => accountId !== '')
        .map(({ api, accountId }) => ({ api: ofTool(tool, api).api, accountId }));
      await allow(person, tool, accounts, 'change');
    },
  };
};
