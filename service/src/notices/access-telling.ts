/** What is told of access to accounts: who, which accounts and until when, and nothing of the reasons that people wrote. */
import { routes } from '../../../contracts/routes.ts';
import { type AccessRequest, type ApprovalRow, accountKeyOf } from '../accounts/rows.ts';
import { plural } from '../measures/words.ts';
import type { NamedAccount } from '../ports/accounts.ts';
import { type NoticeFact, outsideLine, type Telling } from './telling.ts';
import { timeWords } from './time-words.ts';
import type { NoticeCause } from './work.ts';

type OfRequest = Extract<NoticeCause, { of: 'access-request' }>;
type OfAccess = Extract<NoticeCause, { of: 'access' }>;

interface Where {
  readonly publicUrl: string;
  readonly zone: string;
}

/** For whom: whose access it is about, or who decides about it. */
type Addressed = 'person' | 'others';

/** Accounts that one line names. */
const MOST_NAMED = 5;

const named = (account: NamedAccount): string =>
  account.accountName === undefined ? accountKeyOf(account) : `${account.accountName} (${accountKeyOf(account)})`;

const accountWords = (accounts: readonly NamedAccount[]): string => {
  const names = accounts.slice(0, MOST_NAMED).map(named);
  const left = accounts.length - names.length;
  return outsideLine([...names, ...(left > 0 ? [`${left} more`] : [])].join(', '));
};

const requestHeadlines: Readonly<Record<OfRequest['notice'], (whose: string, request: AccessRequest) => string>> = {
  waiting: () => 'Somebody asks for access to accounts',
  reminder: () => 'A request for access still waits for an answer',
  expiring: () => 'A request for access expires soon if nobody answers',
  approved: (whose, { accounts, approved }) =>
    `${whose} was approved${approved.length < accounts.length ? ` for ${approved.length} of ${plural(accounts.length, 'account')}` : ''}`,
  rejected: (whose) => `${whose} was rejected`,
  expired: (whose) => `${whose} expired: nobody answered in time`,
};

const asks: ReadonlySet<OfRequest['notice']> = new Set(['waiting', 'reminder', 'expiring']);

export const requestTelling = (
  { notice, at }: OfRequest,
  request: AccessRequest,
  addressed: Addressed,
  { publicUrl, zone }: Where,
): Telling => {
  const { requestId, requester, accounts, approved, expiresAt, decidedBy } = request;
  const whose = addressed === 'person' ? 'Your request for access' : 'A request for access';
  const given = notice === 'approved';
  const facts: readonly NoticeFact[] = [
    ...(addressed === 'person' ? [] : [{ label: 'Asked by', value: outsideLine(requester.name) }]),
    ...(decidedBy === undefined ? [] : [{ label: 'Decided by', value: outsideLine(decidedBy) }]),
    ...(asks.has(notice) && expiresAt !== undefined ? [{ label: 'Expires', value: timeWords(expiresAt, zone) }] : []),
    ...(given ? [{ label: 'Access ends', value: expiresAt === undefined ? 'never' : timeWords(expiresAt, zone) }] : []),
  ];
  return {
    type: `access.${asks.has(notice) ? notice : `request-${notice}`}`,
    headline: requestHeadlines[notice](whose, request),
    about: accountWords(given ? approved : accounts),
    facts,
    link: {
      label: asks.has(notice) ? 'Read it and answer' : 'See the request',
      href: `${publicUrl}${routes.accessRequest.path.replace(':requestId', encodeURIComponent(requestId))}`,
    },
    at,
  };
};

const accessHeadlines: Readonly<Record<OfAccess['notice'], string>> = {
  ending: 'to accounts ends soon',
  ended: 'to accounts has ended',
  revoked: 'to an account was taken away',
};

const linkTo = (addressed: Addressed, [first]: readonly ApprovalRow[], publicUrl: string): Telling['link'] =>
  addressed === 'person' || first === undefined
    ? { label: 'See your access', href: `${publicUrl}${routes.access.path}` }
    : {
        label: 'See who may act on it',
        href: `${publicUrl}${routes.accountAccess.path}?${new URLSearchParams({ api: first.api, account_id: first.accountId })}`,
      };

/** @param rows the approvals that end or ended together: one at least */
export const accessTelling = (
  { notice, userId, until, at }: OfAccess,
  rows: readonly ApprovalRow[],
  person: string | undefined,
  { publicUrl, zone }: Where,
): Telling => {
  const addressed = person === undefined ? 'person' : 'others';
  const endedBy = rows.find((row) => row.endedBy !== undefined)?.endedBy;
  return {
    type: `access.${notice}`,
    headline: `${addressed === 'person' ? 'Your access' : 'Somebody’s access'} ${accessHeadlines[notice]}`,
    about: accountWords(rows),
    facts: [
      ...(person === undefined ? [] : [{ label: 'Person', value: outsideLine(person || userId) }]),
      ...(notice === 'revoked' && endedBy !== undefined ? [{ label: 'By', value: outsideLine(endedBy) }] : []),
      { label: notice === 'ending' ? 'Ends' : 'Ended', value: timeWords(until, zone) },
    ],
    link: linkTo(addressed, rows, publicUrl),
    at,
  };
};
