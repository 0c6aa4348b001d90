/** Costs from Cost Explorer. Every request page costs 0.01 USD, so answers are kept for an hour. */
import { LRUCache } from 'lru-cache';
import { CountersignError } from '../../../errors.ts';
import { parseMoney, scale } from '../../../measures/money.ts';
import type { Costs, Spend, SpendRequest } from '../cost/costs.ts';
import type { Failure } from '../estate/estate.ts';
import { type Context, resourceDays, spendOf, type Told } from './cost-report.ts';
import { failureOf } from './failure.ts';
import { inParallel } from './parallel.ts';
import { type AwsParts, newShared, placeAt } from './place.ts';
import type { AwsSettings } from './sessions.ts';

/** Cost Explorer lives in one region of a partition, whatever region it is asked about. */
const CE_REGION = 'us-east-1';
const PRICE_PER_REQUEST = parseMoney('0.01', 'USD');
/** Requests of one report: by service, by Name and, where its days are told so, by resource. Each is one page at least. */
const requestsOf = ({ period }: SpendRequest, now: Date): number => (resourceDays(period, now) === undefined ? 2 : 3);
const KEPT_SECONDS = 3600;
const KEPT = 64;
const ACCOUNTS_AT_ONCE = 4;

export interface AwsCostParts extends AwsParts {
  readonly settings: Pick<AwsSettings, 'region'>;
  readonly now: () => Date;
}

export const createAwsCosts = (parts: AwsCostParts): Costs => {
  const kept = new LRUCache<string, Spend>({ max: KEPT, ttl: KEPT_SECONDS * 1000 });
  /** Whether the service's own account pays for the others and may see their costs; learned at the first report. */
  let pays: boolean | undefined;
  /** Pages that the largest report took beside the first of each request. */
  let more = 0;
  return {
    price: (request) => {
      const reports = pays === true ? 1 : request.accounts.length;
      const requests = reports * (requestsOf(request, parts.now()) + more);
      return { requests, charges: [scale(PRICE_PER_REQUEST, BigInt(requests))] };
    },
    spend: async (request, context) => {
      const key = JSON.stringify([[...request.accounts].sort(), [...request.regions].sort(), request.period]);
      const known = kept.get(key);
      if (known) return known;
      const { told, failures, fromPayer } = await collect(parts, request, pays, context);
      if (context.signal.aborted)
        throw new CountersignError('cancelled', 'The call was cancelled.', { cause: context.signal.reason });
      pays = fromPayer ?? pays;
      more = Math.max(more, ...told.map((each) => each.pages - requestsOf(request, parts.now())));
      const spend: Spend = {
        period: request.period,
        lines: told.flatMap((each) => each.lines),
        byResource: new Map(told.flatMap((each) => [...each.byResource])),
        byName: told.flatMap((each) => each.byName),
        failures,
        estimated: told.some((each) => each.estimated),
      };
      if (failures.length === 0) kept.set(key, spend);
      return spend;
    },
  };
};

/** A report, and the request pages that were paid for it. */
interface Report extends Told {
  readonly pages: number;
}

interface Collected {
  readonly told: readonly Report[];
  readonly failures: readonly Failure[];
  /** The own account told what others spent; false when they spent and it did not tell. Undefined: not known yet. */
  readonly fromPayer: boolean | undefined;
}

/**
 * One report of the own account, which sees all accounts if it pays for them; then one of each that it did not tell. So
 * it is for one account too: who is asked must not depend on how many are asked about.
 */
const collect = async (
  parts: AwsCostParts,
  request: SpendRequest,
  pays: boolean | undefined,
  context: Context,
): Promise<Collected> => {
  const { accounts } = request;
  const { accountId: own, partition } = await parts.sessions.own();
  // In other partitions the SDK finds the endpoint from any of their regions.
  const region = partition === 'aws' ? CE_REGION : parts.settings.region;
  const failures: Failure[] = [];
  const report = async (asker: string, about: readonly string[]): Promise<Report[]> => {
    let pages = 0;
    const paid = () => {
      pages += 1;
    };
    try {
      const place = await placeAt(parts, asker, region, context.signal, newShared());
      const asking = { place, now: parts.now(), paid };
      return [{ ...(await spendOf(asking, { ...request, accounts: about }, context)), pages }];
    } catch (error) {
      failures.push({ accountId: asker, ...failureOf(error, 'cost-explorer', context.signal) });
      return [];
    }
  };
  const ofOwn = pays === false ? accounts.filter((accountId) => accountId === own) : accounts;
  const first = ofOwn.length > 0 ? await report(own, ofOwn) : [];
  const seen = new Set(first.flatMap((each) => each.lines.map((line) => line.accountId)));
  const asked = new Set([...seen, own]);
  const left = accounts.filter((accountId) => !asked.has(accountId));
  const others = await inParallel(left, ACCOUNTS_AT_ONCE, (accountId) => report(accountId, [accountId]));
  const seesOthers = [...seen].some((accountId) => accountId !== own);
  const hidden = first.length > 0 && others.flat().some((each) => each.lines.length > 0);
  return {
    told: [...first, ...others.flat()],
    failures: failures.filter((failure) => accounts.includes(failure.accountId)),
    fromPayer: seesOthers ? true : hidden ? false : undefined,
  };
};
