/** Access to accounts as tools answer it. */
import { z } from 'zod';
import { accessPageOf } from '../../accounts/decide.ts';
import {
  type AccessRequest,
  type ApprovalRow,
  accountKeyOf,
  holdsForItsPerson,
  isOverdue,
} from '../../accounts/rows.ts';
import type { NamedAccount } from '../../ports/accounts.ts';
import { clean, cleanProse } from '../../untrusted.ts';

const MOST_CHARACTERS = 500;
const words = (text: string | undefined): string | null =>
  text === undefined ? null : cleanProse(text, MOST_CHARACTERS);

const ShownAccount = z.object({
  account: z.string(),
  account_name: z.string().nullable(),
  client_name: z.string().nullable(),
});

const shownAccount = (account: NamedAccount): z.input<typeof ShownAccount> => ({
  account: clean(accountKeyOf(account)),
  account_name: words(account.accountName),
  client_name: words(account.clientName),
});

export const ShownRequest = z.looseObject({
  request_id: z.string(),
  status: z.enum(['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED']),
  requested_by: z.string(),
  requested_at: z.string(),
  accounts: z.array(ShownAccount),
  approved_accounts: z.array(z.string()),
  reason: z.string().nullable(),
  days: z.number().int().nullable().describe('Asked for; 0: without end'),
  decided_by: z.string(),
  decided_at: z.string().nullable(),
  note: z.string().nullable(),
  expires_at: z.string().nullable().describe('Deadline; once approved, end of access'),
  page: z.string(),
});

/** A request as the tools that move it answer it: short, because a model reads the schemas of all tools first. */
export const MovedRequest = z
  .looseObject({ request_id: z.string(), status: z.string(), page: z.string() })
  .describe('As list_access_requests shows it');

export const shownRequest = (request: AccessRequest, publicUrl: string, now: Date): z.input<typeof ShownRequest> => ({
  request_id: request.requestId,
  status: isOverdue(request, now) ? 'EXPIRED' : request.status,
  requested_by: clean(request.requester.email || request.requester.personId),
  requested_at: request.requestedAt,
  accounts: request.accounts.map(shownAccount),
  approved_accounts: request.approved.map((account) => clean(accountKeyOf(account))),
  reason: words(request.reason),
  days: request.requestedDays ?? null,
  decided_by: clean(
    request.decidedBy ?? (request.team === undefined ? 'admins' : `managers of ${request.team}, or admins`),
  ),
  decided_at: request.decidedAt ?? null,
  note: words(request.note),
  expires_at: request.expiresAt ?? null,
  page: publicUrl + accessPageOf(request.requestId),
});

/** Members with text that people wrote. */
export const requestTextFromOutside = ['accounts[].account_name', 'accounts[].client_name', 'reason', 'note'] as const;

export const ShownApproval = z.looseObject({
  account: z.string(),
  person: z.string(),
  status: z.string(),
  expires_at: z.string().nullable().describe('null: without end'),
});

export const shownApproval = (row: ApprovalRow, now: Date): z.input<typeof ShownApproval> => ({
  ...shownAccount(row),
  person: clean(row.userId),
  status: holdsForItsPerson(row, now) ? 'ACTIVE' : row.status === 'REVOKED' ? 'REVOKED' : 'EXPIRED',
  approved_by: clean(row.approvedBy),
  approved_at: row.approvedAt,
  expires_at: row.expiresAt ?? null,
  request_id: row.requestId ?? null,
});
