/** Taking access away: by whoever may give it, or by the person who has it. */
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import type { AccountRef } from '../ports/accounts.ts';
import { authorityOf } from './authority.ts';
import { type AccessParts, type Actor, commit, nameOf, refuseStep, stepRecord } from './parts.ts';
import { type ApprovalRow, accountKeyOf, holdsForItsPerson } from './rows.ts';

export interface Revocation extends AccountRef {
  /** Whose access. */
  readonly userId: string;
  readonly note: string;
}

/** @throws not_found where there is none, where it is over, and where somebody else decides about it */
export const revokeAccess = async (
  parts: AccessParts,
  by: Actor,
  { userId, note, ...account }: Revocation,
  context: Pick<CallContext, 'origin'>,
): Promise<ApprovalRow> => {
  const row = await parts.store.approval(userId, account);
  const matter = row && { apis: [row.api], team: row.team };
  const may = matter && (userId === by.personId || authorityOf(parts.upstreams, by, matter) !== undefined);
  const parameters = { for: userId, account: accountKeyOf(account), note };
  const event = stepRecord(
    'revoke_account_access',
    by,
    { action: 'delete', result: 'success', accountId: account.accountId, parameters },
    context,
  );
  if (row === undefined || !may || !holdsForItsPerson(row, parts.now()))
    return refuseStep(parts, event, {
      code: 'not_found',
      message: `There is no access of ${userId} to ${account.api} ${account.accountId} that you could take away.`,
    });
  if (note.trim() === '') throw new CountersignError('invalid_input', 'note: say why the access is taken away.');
  const endedAt = parts.now().toISOString();
  const end = { status: 'REVOKED', endedBy: nameOf(by), endedAt };
  await commit(parts, event, parts.store.ending(row, end), {
    news: 'revoked',
    ...{ userId, accountKey: row.accountKey, endedAt },
  });
  return { ...row, ...end };
};
