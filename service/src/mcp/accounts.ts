/** Whether a person may act on the upstream accounts a call names. Checked before anything upstream is asked. */
import type { Caller } from '../auth/caller.ts';
import { CountersignError } from '../errors.ts';

export interface AccountGate {
  /** @throws account_not_authorized naming the account and what the caller may use */
  allow(caller: Caller, tool: string, accounts: readonly string[]): Promise<void>;
}

/** @param accountsOf what a person's calls of a tool may name; its pack says */
export const createAccountGate = (
  accountsOf: (tool: string, caller: Caller) => Promise<readonly string[]>,
): AccountGate => ({
  allow: async (caller, tool, accounts) => {
    if (accounts.length === 0) return;
    const known = await accountsOf(tool, caller);
    const foreign = accounts.find((account) => !known.includes(account));
    if (foreign === undefined) return;
    throw new CountersignError(
      'account_not_authorized',
      `accounts: ${foreign} is not an account this service may act on. It may act on ${known.join(', ') || 'none'}.`,
      { details: { requested_account: foreign, approved_accounts: known } },
    );
  },
});
