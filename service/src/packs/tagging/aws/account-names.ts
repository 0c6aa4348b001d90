/** Names of accounts, as AWS Organizations tells them to the service's own role. Where it may not be asked, the id stands for itself. */
import type { EstateContext } from '../estate/estate.ts';
import { failureOf } from './failure.ts';
import type { AwsParts } from './place.ts';

/** An answer holds for an hour, and so does a refusal. */
const KEPT_MS = 3_600_000;
/** A scan does not wait longer than this for names. */
const LONGEST_MS = 5_000;

export interface AccountNames {
  nameOf(accountId: string): string;
  /** Asks for the names where nobody did within the hour. Never rejects: names that cannot be read are no failure of a scan. */
  learn(context: EstateContext): Promise<void>;
}

export const createAccountNames = (parts: AwsParts, now: () => number = Date.now): AccountNames => {
  let names: ReadonlyMap<string, string> = new Map();
  let asked = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async ({ log }: EstateContext): Promise<void> => {
    const signal = AbortSignal.timeout(LONGEST_MS);
    try {
      const { accountNamesIn } = await import('./organization-accounts.ts');
      names = await accountNamesIn(parts, signal);
    } catch (error) {
      const { code } = failureOf(error, 'organizations', signal);
      log.info({ code }, 'AWS Organizations does not tell the names of accounts; their ids are shown');
    }
  };
  return {
    nameOf: (accountId) => names.get(accountId) ?? accountId,
    learn: async (context) => {
      if (asking === undefined && now() - asked < KEPT_MS) return;
      asked = now();
      asking ??= ask(context).finally(() => {
        asking = undefined;
      });
      await asking;
    },
  };
};
