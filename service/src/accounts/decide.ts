/** Deciding about a request for access: once, by somebody else, and together with what it gives. */
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import type { CallContext } from '../call.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import type { Principal } from '../operations/operation.ts';
import { allOf } from '../operations/store.ts';
import type { NamedAccount } from '../ports/accounts.ts';
import { type Authority, authorityOf, matterOf, refusalOfOwnAccess } from './authority.ts';
import { type AccessParts, type Actor, accountNamed, commit, DAY_MS, nameOf, refuseStep, stepRecord } from './parts.ts';
import { type AccessRequest, type ApprovalRow, accountKeyOf, isOverdue, type RequestRow, requestOf } from './rows.ts';

export const AccessRequestId = z
  .string()
  .regex(/^ar_[0-9a-f]{32}$/, 'must be a request id such as ar_ and 32 hex digits, as request_account_access answered');

export interface AccessDecision {
  readonly requestId: string;
  readonly decision: 'approve' | 'reject';
  /** Of approving: `<api>:<account id>` of those that are approved. Default all that were asked for. */
  readonly accounts?: readonly string[] | undefined;
  /** Of approving: days from now until access ends. 0: without end. */
  readonly days?: number | undefined;
  /** Needed to reject. */
  readonly note?: string | undefined;
}

/** Days of access where nobody says otherwise, and the most that may be said. */
const DEFAULT_DAYS = 365;
export const MOST_DAYS = 1825;

interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

/** Guessing an id tells nothing: one that somebody else decides is answered as one that does not exist. */
const noRequest = (requestId: string) =>
  ({ code: 'not_found', message: `request_id: there is no request ${requestId}.` }) as const;

const viaPage = ({ origin }: Pick<CallContext, 'origin'>): boolean =>
  origin.kind === 'request' && origin.via === 'page';

/** Of these the first that applies. */
const refusalOf = (
  { now, settings, upstreams }: AccessParts,
  request: AccessRequest,
  by: Actor,
  { decision, days, note, accounts }: AccessDecision,
  context: Pick<CallContext, 'origin'>,
): Refused | undefined => {
  const { requestId, status } = request;
  const approves = decision === 'approve';
  if (isOverdue(request, now()) || status === 'EXPIRED')
    return {
      code: 'request_expired',
      message: `Request ${requestId} expired at ${request.expiresAt}. It has to be asked for again.`,
    };
  if (status !== 'PENDING') return { code: 'already_decided', message: `Request ${requestId} is ${status} already.` };
  const own = refusalOfOwnAccess(by, request, settings.approveWithoutEmail || !approves);
  if (own !== undefined) return own;
  if (approves && !viaPage(context) && !settings.approveByTool)
    return {
      code: 'page_required',
      message: `Access is approved on its page only: ask the person to open ${accessPageOf(requestId)}.`,
      details: { page: accessPageOf(requestId) },
    };
  if (!approves && !note?.trim())
    return {
      code: 'invalid_input',
      message: 'note: say why you reject the request, so that whoever asked knows what to do.',
    };
  if (!approves) return undefined;
  if (days !== undefined && !(Number.isInteger(days) && days >= 0 && days <= MOST_DAYS))
    return { code: 'invalid_input', message: `days: must be a whole number from 0, for no end, to ${MOST_DAYS}.` };
  const asked = request.accounts.map(accountKeyOf);
  if (accounts?.length === 0 || accounts?.some((key) => !asked.includes(key)))
    return {
      code: 'invalid_input',
      message: `accounts: must be one or more of what was asked for: ${asked.join(', ')}.`,
    };
  const off = request.accounts.find(({ api }) => upstreams.get(api) === undefined);
  return (
    off && { code: 'pack_disabled', message: `${off.api} is not served here. Operator: name its pack in TOOL_PACKS.` }
  );
};

export const accessPageOf = (requestId: string): string =>
  routes.accessRequest.path.replace(':requestId', encodeURIComponent(requestId));

const approvalRow = (
  request: AccessRequest,
  requester: Principal,
  account: NamedAccount,
  given: Pick<ApprovalRow, 'approvedBy' | 'approvedAt' | 'expiresAt'>,
): ApprovalRow => ({
  userId: requester.personId,
  accountKey: accountKeyOf(account),
  ...account,
  ...given,
  requestId: request.requestId,
  status: 'ACTIVE',
  person: requester,
  ...(request.team !== undefined && { team: request.team }),
});

/** What a yes gives, beside the request: one row for each account. */
const approvals = async (
  { store }: AccessParts,
  request: AccessRequest,
  accounts: readonly NamedAccount[],
  given: Pick<ApprovalRow, 'approvedBy' | 'approvedAt' | 'expiresAt'>,
) =>
  Promise.all(
    accounts.map(async (account) =>
      store.approving(
        approvalRow(request, request.requester, account, given),
        await store.approval(request.requester.personId, account),
      ),
    ),
  );

const take = async (
  parts: AccessParts,
  row: RequestRow,
  by: Actor,
  authority: Authority,
  given: AccessDecision,
  context: Pick<CallContext, 'origin'>,
): Promise<AccessRequest> => {
  const request = requestOf(row);
  const at = parts.now();
  const approves = given.decision === 'approve';
  const { expiresAt: deadline, ...kept } = row;
  const days = given.days ?? request.requestedDays ?? DEFAULT_DAYS;
  const ends = days === 0 ? undefined : new Date(at.getTime() + days * DAY_MS).toISOString();
  const accounts = !approves
    ? []
    : request.accounts.filter((account) => given.accounts?.includes(accountKeyOf(account)) ?? true);
  const note = given.note?.trim() || undefined;
  const decided = { approvedBy: nameOf(by), approvedAt: at.toISOString() };
  const until = approves ? ends : deadline;
  const next: RequestRow = {
    ...kept,
    ...decided,
    status: approves ? 'APPROVED' : 'REJECTED',
    ...(authority === 'global-admin' && { globalAdmin: nameOf(by) }),
    ...(note !== undefined && { approverNote: note }),
    ...(until !== undefined && { expiresAt: until }),
    ...(approves && { approvedAccounts: accounts }),
  };
  const event = stepRecord(
    'decide_access_request',
    by,
    {
      action: approves ? 'approve' : 'deny',
      result: 'success',
      ...accountNamed(request.accounts),
      approvalId: row.requestId,
      parameters: { request_id: row.requestId },
      summary: {
        decision: given.decision,
        for: row.userId,
        as: authority,
        approved: accounts.map(accountKeyOf),
        expires_at: (approves && ends) || null,
        note: note ?? null,
      },
    },
    context,
  );
  const grants = await approvals(parts, request, accounts, { ...decided, expiresAt: approves ? ends : undefined });
  await commit(parts, event, allOf(parts.store.replacing(row, next), ...grants), {
    news: approves ? 'approved' : 'rejected',
    requestId: row.requestId,
  });
  return requestOf(next);
};

/** The request as it stands, with the power to decide it, or why it cannot be. */
const considered = async (
  parts: AccessParts,
  by: Actor,
  given: AccessDecision,
  context: Pick<CallContext, 'origin'>,
): Promise<{ readonly row: RequestRow; readonly authority: Authority } | { readonly refused: Refused }> => {
  const row = await parts.store.requestRow(given.requestId);
  if (row === undefined) return { refused: noRequest(given.requestId) };
  const request = requestOf(row);
  const authority = authorityOf(parts.upstreams, by, matterOf(request));
  // Whoever asked knows of it, and is told why they cannot decide it.
  const asked = request.requester.personId === by.personId;
  const refused = authority || asked ? refusalOf(parts, request, by, given, context) : undefined;
  if (refused !== undefined) return { refused };
  return authority === undefined ? { refused: noRequest(given.requestId) } : { row, authority };
};

/** Tries where an approval of the same account moved between reading and writing, while the request did not. */
const TRIES = 3;

/**
 * Takes a decision: the request, what it gives and the audit record are one transaction.
 * @throws not_found, or why it cannot be taken
 */
export const decideAccess = async (
  parts: AccessParts,
  by: Actor,
  given: AccessDecision,
  context: Pick<CallContext, 'origin'>,
): Promise<AccessRequest> => {
  const event = stepRecord(
    'decide_access_request',
    by,
    {
      action: given.decision === 'approve' ? 'approve' : 'deny',
      result: 'blocked',
      parameters: { request_id: given.requestId },
    },
    context,
  );
  for (let tries = 1; ; tries += 1) {
    const found = await considered(parts, by, given, context);
    if ('refused' in found) return refuseStep(parts, event, found.refused);
    try {
      return await take(parts, found.row, by, found.authority, given, context);
    } catch (error) {
      if (!(error instanceof CountersignError) || error.code !== 'conflict' || tries === TRIES) throw error;
    }
  }
};
