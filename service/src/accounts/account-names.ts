/** What people call accounts, beside their ids. A name is an aid: where it cannot be read there is none. */
import type { NamedAccount } from '../ports/accounts.ts';
import type { AccessParts, Actor } from './parts.ts';

/** Accounts of one page that an admin's lookup reads one by one. */
const MOST_LOOKED_UP = 50;

type Named = Pick<NamedAccount, 'accountId' | 'accountName'>;

export const accountNamesFor = async (
  { upstreams, store, listed }: Pick<AccessParts, 'upstreams' | 'store' | 'listed'>,
  by: Actor,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const wanted = new Set(accountIds);
  const names = new Map<string, string>();
  const add = (accounts: readonly Named[]): void => {
    for (const { accountId, accountName } of accounts)
      if (accountName !== undefined && wanted.has(accountId) && !names.has(accountId))
        names.set(accountId, accountName);
  };
  if (wanted.size === 0) return names;
  for (const { api } of upstreams.all) add((await listed(api, by).catch(() => undefined)) ?? []);
  add(await store.heldBy(by));
  if (!by.scopes.has('admin')) return names;
  const unknown = [...wanted].filter((accountId) => !names.has(accountId)).slice(0, MOST_LOOKED_UP);
  for (const { api, approval } of upstreams.all)
    if (approval !== 'none')
      add((await Promise.all(unknown.map((accountId) => store.approvalsFor({ api, accountId })))).flat());
  return names;
};
