/** The limits with everything that keeps to them, and tells of what they block. */
import type { Logger } from 'pino';
import type { CallContext } from '../../../call.ts';
import type { CountersignError } from '../../../errors.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { Notify } from '../../../ports/notify.ts';
import type { PackServices } from '../../pack.ts';
import { type BudgetDays, openBudgetDays } from './ledger.ts';
import { type LimitVariables, limitsOf, policyVersionOf, type SafetyLimits } from './limits.ts';
import { isLimit } from './refusal.ts';

/** What a limit was held against, for people. */
export interface BlockedChange {
  readonly accountId: string;
  /** The account's own day. */
  readonly day: string;
  /** Name of the resource at Google. */
  readonly resource: string;
  /** What people call it; text from outside. */
  readonly name: string;
}

export interface SafetyDesk {
  readonly limits: SafetyLimits;
  readonly days: BudgetDays;
  readonly policyVersion: string;
  readonly now: () => Date;
  readonly log: Logger;
  /**
   * Does what a limit may block. A block is counted, and admins are told of it as something urgent: once a day for each person,
   * resource and limit.
   */
  watching<T>(about: BlockedChange, context: Pick<CallContext, 'caller'>, work: () => Promise<T>): Promise<T>;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const tell = (
  notify: Notify,
  { accountId, day, resource, name }: BlockedChange,
  person: string,
  error: CountersignError,
) => {
  const { limit, maximum, minimum, currency } = error.details;
  const allowed =
    textOf(maximum) !== '' ? `at most ${textOf(maximum)}` : textOf(minimum) !== '' ? `at least ${textOf(minimum)}` : '';
  return notify.tell({
    key: `safety/${day}/${resource}/${textOf(limit)}/${person}`,
    headline: 'A safety limit blocked a change of what Google Ads spends',
    about: name,
    facts: [
      { label: 'Account', value: accountId },
      { label: 'Asked by', value: person },
      { label: 'Limit', value: textOf(limit) },
      ...(allowed === '' ? [] : [{ label: 'Allowed', value: `${allowed} ${textOf(currency)}` }]),
    ],
    link: { label: 'See what was done', path: '/audit' },
    scope: 'admin',
    urgent: true,
  });
};

export const openSafetyDesk = ({
  config,
  tables,
  metrics,
  notify,
  log,
  now,
}: Pick<PackServices, 'tables' | 'notify' | 'log' | 'now'> & {
  readonly config: LimitVariables;
  readonly metrics: Metrics;
}): SafetyDesk => {
  const limits = limitsOf(config);
  return {
    limits,
    days: openBudgetDays({ tables, now }, limits),
    policyVersion: policyVersionOf(limits),
    now,
    log,
    watching: async (about, { caller }, work) => {
      try {
        return await work();
      } catch (error) {
        if (!isLimit(error)) throw error;
        metrics.count('SafetyBlocks', { Limit: textOf(error.details.limit) });
        await tell(notify, about, caller.email, error).catch((failure: unknown) =>
          log.error({ err: failure }, 'admins are not told of a block'),
        );
        throw error;
      }
    },
  };
};
