/** Whether a person may act on the upstream accounts a call names. Checked before anything upstream is asked. */
import type { PackName } from '../../../contracts/packs/index.ts';
import type { Caller } from '../auth/caller.ts';
import { CountersignError } from '../errors.ts';

export interface AccountGate {
  /** @throws account_not_authorized naming the account and what the caller may use */
  allow(caller: Caller, pack: PackName | 'core', accounts: readonly string[]): Promise<void>;
}

/** The accounts each pack was configured with, the same for every person. A pack without a list names no accounts. */
export const configuredAccounts = (
  byPack: Partial<Record<PackName | 'core', () => Promise<readonly string[]>>>,
): AccountGate => ({
  allow: async (_caller, pack, accounts) => {
    if (accounts.length === 0) return;
    const known = (await byPack[pack]?.()) ?? [];
    const foreign = accounts.find((account) => !known.includes(account));
    if (foreign === undefined) return;
    throw new CountersignError(
      'account_not_authorized',
      `accounts: ${foreign} is not an account this service may act on. It may act on ${known.join(', ') || 'none'}.`,
      { details: { requested_account: foreign, approved_accounts: known } },
    );
  },
});
