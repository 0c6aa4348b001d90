/**
 * What accounts spent, kept by account for an hour: only accounts that are missing or failed are asked, and once for all
 * who wait. What the provider's own client keeps saves its price when everything is read again.
 */
import { LRUCache } from 'lru-cache';
import { CountersignError } from '../../../errors.ts';
import type { Costs, Period, Spend, SpendRequest } from '../cost/costs.ts';
import type { Failure } from '../estate/estate.ts';
import type { ScanContext } from './scan-context.ts';
import { createSharedWork } from './shared-work.ts';
import type { ReadOptions } from './slices.ts';

export interface Spending {
  /** What accounts spent. Never rejects for one account’s sake. @throws cancelled */
  read(
    request: SpendRequest,
    options: ReadOptions,
    context: ScanContext,
  ): Promise<{ readonly spend: Spend; readonly anew: boolean }>;
  /** The same, when it is kept for every account. */
  kept(request: SpendRequest): Spend | undefined;
}

const KEPT_MS = 3_600_000;
const KEPT_ACCOUNTS = 500;

interface Told {
  readonly spend: Spend;
  readonly failure: Failure | undefined;
}

/** One spend of several, each asked for its own account. */
const joined = (period: Period, told: readonly (readonly [string, Told])[]): Spend => ({
  period,
  lines: told.flatMap(([accountId, { spend }]) => spend.lines.filter((line) => line.accountId === accountId)),
  byResource: new Map([...new Set(told.map(([, { spend }]) => spend))].flatMap((spend) => [...spend.byResource])),
  byName: told.flatMap(([accountId, { spend }]) => spend.byName.filter((name) => name.accountId === accountId)),
  failures: told.flatMap(([, { failure }]) => failure ?? []),
  estimated: told.some(([, { spend }]) => spend.estimated === true),
});

const nothing = (period: Period): Spend => ({ period, lines: [], byResource: new Map(), byName: [], failures: [] });

export const createSpending = (costs: Costs): Spending => {
  const known = new LRUCache<string, Told>({ max: KEPT_ACCOUNTS, ttl: KEPT_MS });
  const shared = createSharedWork<Spend>();
  const keyOf = (accountId: string, { regions, period }: SpendRequest): string =>
    JSON.stringify([accountId, [...regions].sort(), period]);
  const ask = async (request: SpendRequest, context: ScanContext): Promise<Spend> => {
    try {
      const work = (signal: AbortSignal) => costs.spend(request, { signal, log: context.log });
      return await shared.join(JSON.stringify(request), work, context.signal);
    } catch (error) {
      if (context.signal.aborted) throw new CountersignError('cancelled', 'The scan was cancelled.', { cause: error });
      context.log.warn({ err: error }, 'costs could not be read');
      const ours = error instanceof CountersignError;
      const code = ours ? error.code : 'upstream_error';
      const message = ours ? error.message : 'Costs could not be read.';
      const failures = request.accounts.map((accountId) => ({ accountId, code, message }));
      return { ...nothing(request.period), failures };
    }
  };
  return {
    read: async (request, { fresh, failedToo }, context) => {
      const missing = request.accounts.filter((accountId) => {
        const told = known.get(keyOf(accountId, request));
        return told === undefined || fresh || (told.failure !== undefined && !failedToo);
      });
      const asked = missing.length === 0 ? undefined : await ask({ ...request, accounts: missing }, context);
      const told = request.accounts.map((accountId): readonly [string, Told] => {
        const key = keyOf(accountId, request);
        if (asked === undefined || !missing.includes(accountId))
          return [accountId, known.get(key) ?? { spend: nothing(request.period), failure: undefined }];
        const failure = asked.failures.find((each) => each.accountId === accountId);
        const answer = { spend: asked, failure };
        known.set(key, answer);
        return [accountId, answer];
      });
      return { spend: joined(request.period, told), anew: asked !== undefined };
    },
    kept: (request) => {
      const told = request.accounts.map((accountId) => [accountId, known.get(keyOf(accountId, request))] as const);
      const whole = told.flatMap(([accountId, each]) =>
        each === undefined || each.failure !== undefined ? [] : [[accountId, each] as const],
      );
      return whole.length === told.length ? joined(request.period, whole) : undefined;
    },
  };
};
