/** Rows of approved-accounts and access-requests as the rest of the service reads them. */
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import { Principal } from '../operations/operation.ts';
import type { AccountHolder, AccountRef, AccountUser } from '../ports/accounts.ts';

export const requestStatuses = ['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED'] as const;
export type RequestStatus = (typeof requestStatuses)[number];

export const NamedAccounts = z.array(
  z.object({
    api: z.string(),
    accountId: z.string(),
    accountName: z.string().optional(),
    clientName: z.string().optional(),
  }),
);

/** A request for access, from asking to its end. */
export interface AccessRequest {
  readonly requestId: string;
  readonly requester: z.infer<typeof Principal>;
  readonly accounts: z.infer<typeof NamedAccounts>;
  readonly approved: z.infer<typeof NamedAccounts>;
  readonly reason: string;
  readonly requestedAt: string;
  readonly requestedDays: number | undefined;
  readonly status: RequestStatus;
  /** The team whose managers decide it; without one admins do. */
  readonly team: string | undefined;
  readonly decidedBy: string | undefined;
  readonly decidedAt: string | undefined;
  readonly note: string | undefined;
  /** Until when it may be decided; once approved, until when access lasts. */
  readonly expiresAt: string | undefined;
}

export type RequestRow = Row<'access-requests'>;
export type ApprovalRow = Row<'approved-accounts'>;

/** A row that an operator wrote, or an older system, names its person by their id alone. */
const personOf = (value: unknown, personId: string): z.infer<typeof Principal> =>
  Principal.safeParse(value).data ?? { personId, name: personId, email: '' };

const accountsOf = (value: unknown) => NamedAccounts.safeParse(value).data ?? [];

export const requestOf = (row: RequestRow): AccessRequest => ({
  requestId: row.requestId,
  requester: personOf(row.requester, row.userId),
  accounts: accountsOf(row.requestedAccounts),
  approved: accountsOf(row.approvedAccounts),
  reason: row.reason,
  requestedAt: row.requestedAt,
  requestedDays: row.requestedDays,
  // One that only a later version knows is over, as far as this one can tell.
  status: requestStatuses.find((status) => status === row.status) ?? 'REJECTED',
  team: row.localManager,
  decidedBy: row.approvedBy,
  decidedAt: row.approvedAt,
  note: row.approverNote,
  expiresAt: row.expiresAt,
});

export const accountKeyOf = ({ api, accountId }: AccountRef): string => `${api}:${accountId}`;

const passed = (time: string | undefined, now: Date): boolean =>
  time !== undefined && !(Date.parse(time) > now.getTime());

/** Whether the request can no longer be decided, also before the daily work has marked it. */
export const isOverdue = ({ status, expiresAt }: AccessRequest, now: Date): boolean =>
  status === 'PENDING' && passed(expiresAt, now);

/** Whether an approval lets this person act now. An end that cannot be read has passed. */
export const holds = (row: ApprovalRow, person: AccountUser, now: Date): boolean => {
  if (row.userId !== person.personId || row.status !== 'ACTIVE' || passed(row.expiresAt, now)) return false;
  const approved = Principal.safeParse(row.person).data;
  return approved === undefined || approved.issuer === person.issuer;
};

/** Whether an approval lets the person that it names act now. */
export const holdsForItsPerson = (row: ApprovalRow, now: Date): boolean =>
  row.status === 'ACTIVE' && !passed(row.expiresAt, now);

export const holderOf = (row: ApprovalRow): AccountHolder => ({
  userId: row.userId,
  api: row.api,
  accountId: row.accountId,
  accountName: row.accountName,
  clientName: row.clientName,
  approvedBy: row.approvedBy,
  approvedAt: row.approvedAt,
  expiresAt: row.expiresAt,
});

/** What a row keeps of an approval that was there before it. One that another version wrote may have less. */
export const KeptApproval = z.object({
  status: z.string(),
  approvedBy: z.string(),
  approvedAt: z.string(),
  expiresAt: z.string().optional(),
  endedBy: z.string().optional(),
  endedAt: z.string().optional(),
  requestId: z.string().optional(),
});

/** An approval of an account, of now or before. */
export interface PastApproval extends z.infer<typeof KeptApproval> {
  /** Absent: an operator wrote it, or who looks does not decide about it. */
  readonly request?: AccessRequest;
}
