/** Asking for access to accounts. */
import { randomUUID } from 'node:crypto';
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import { principalOf } from '../operations/operation.ts';
import type { NamedAccount } from '../ports/accounts.ts';
import { type AccessParts, type Actor, accountNamed, commit, DAY_MS, stepRecord } from './parts.ts';
import { type AccessRequest, accountKeyOf, isOverdue, type RequestRow, requestOf } from './rows.ts';
import type { AccountUpstream } from './upstreams.ts';

export interface AccessWish {
  readonly accounts: readonly NamedAccount[];
  readonly reason: string;
  /** Days of access, from the decision on. Whoever decides may give others. */
  readonly days?: number | undefined;
}

/** Accounts of one request: deciding writes a row for each in one transaction. */
export const MOST_ACCOUNTS = 20;
/** Requests that one person may have waiting. */
const MOST_PENDING = 20;

const wrong = (message: string) => new CountersignError('invalid_input', message);

/** The upstreams that somebody may ask at. Others are as unknown to them as those that do not exist. */
export const askableBy = ({ upstreams }: AccessParts, { scopes }: Actor): readonly AccountUpstream[] =>
  upstreams.all.filter(({ approval, read }) => approval !== 'none' && scopes.has(read));

/** @throws invalid_input naming the account, and what it should be */
const checkAccount = async (parts: AccessParts, by: Actor, account: NamedAccount): Promise<AccountUpstream> => {
  const askable = askableBy(parts, by);
  const upstream = askable.find(({ api }) => api === account.api);
  if (upstream === undefined)
    throw wrong(
      `api: must be one of ${askable.map(({ api }) => api).join(', ') || 'none: you may ask for nothing here'}.`,
    );
  const { api, title, id, example } = upstream;
  if (!new RegExp(`^(?:${id.source})$`, id.flags).test(account.accountId))
    throw wrong(`account_id: is not the id of a ${title}; write it like ${example}.`);
  const enabled = await parts.listed(api, by);
  if (enabled?.some(({ accountId }) => accountId === account.accountId) === false)
    throw wrong(`account_id: ${account.accountId} is no ${title} that the operator has enabled here.`);
  const held = await parts.store.holding(by, account);
  if (held !== undefined && held.expiresAt === undefined)
    throw wrong(`account_id: you may act on ${account.accountId} already, without end.`);
  return upstream;
};

const checkPending = async ({ store, now }: AccessParts, by: Actor, wish: AccessWish): Promise<void> => {
  const { items } = await store.requestsOf(by.personId, { limit: 100 });
  const waiting = items.filter((request) => request.status === 'PENDING' && !isOverdue(request, now()));
  if (waiting.length >= MOST_PENDING)
    throw new CountersignError(
      'rate_limited',
      `You have ${waiting.length} requests for access waiting, and may have ${MOST_PENDING}. Wait for their decisions.`,
    );
  const wanted = new Set(wish.accounts.map(accountKeyOf));
  const same = waiting.find(({ accounts }) => accounts.some((account) => wanted.has(accountKeyOf(account))));
  if (same === undefined) return;
  throw new CountersignError(
    'conflict',
    `Your request ${same.requestId} for that account waits for its decision already.`,
    {
      details: { request_id: same.requestId },
    },
  );
};

const rowOf = (parts: AccessParts, by: Actor, wish: AccessWish): RequestRow => {
  const at = parts.now();
  return {
    requestId: `ar_${randomUUID().replaceAll('-', '')}`,
    userId: by.personId,
    requestedAccounts: wish.accounts.map((account) => ({ ...account })),
    reason: wish.reason,
    requestedAt: at.toISOString(),
    status: 'PENDING',
    ...(by.team !== undefined && { localManager: by.team }),
    expiresAt: new Date(at.getTime() + parts.settings.requestDays * DAY_MS).toISOString(),
    requester: principalOf(by),
    ...(wish.days !== undefined && { requestedDays: wish.days }),
  };
};

/** @throws invalid_input, conflict where the same waits already, rate_limited */
export const requestAccess = async (
  parts: AccessParts,
  by: Actor,
  asked: AccessWish,
  context: Pick<CallContext, 'origin'>,
): Promise<AccessRequest> => {
  const wish = { ...asked, accounts: asked.accounts.map(parts.upstreams.spelled) };
  if (wish.accounts.length === 0 || wish.accounts.length > MOST_ACCOUNTS)
    throw wrong(`accounts: name 1 to ${MOST_ACCOUNTS} of them.`);
  if (new Set(wish.accounts.map(accountKeyOf)).size < wish.accounts.length)
    throw wrong('accounts: one is named twice.');
  const upstreams = [];
  for (const account of wish.accounts) upstreams.push(await checkAccount(parts, by, account));
  // Whoever decides needs one scope for the whole of it.
  if (new Set(upstreams.map(({ pack }) => pack)).size > 1)
    throw wrong('accounts: are of several packs. Ask once for each of them.');
  await checkPending(parts, by, wish);
  const row = rowOf(parts, by, wish);
  const event = stepRecord(
    'request_account_access',
    by,
    {
      action: 'write',
      result: 'success',
      ...accountNamed(wish.accounts),
      parameters: { accounts: wish.accounts.map(accountKeyOf), reason: wish.reason, days: wish.days ?? null },
      summary: { request_id: row.requestId, decided_by: row.localManager ?? 'admins' },
    },
    context,
  );
  await commit(parts, event, parts.store.inserting(row), {
    news: 'requested',
    requestId: row.requestId,
    expiresAt: row.expiresAt,
  });
  return requestOf(row);
};
