/** The port to what things cost. The pack asks it for spend per service and for whatever is known per resource. */
import type { CallContext } from '../../../call.ts';
import type { Money } from '../../../measures/money.ts';
import type { Failure } from '../estate/estate.ts';

/** Where the cost of one resource comes from, most reliable first. */
export const costSources = ['actual', 'actual_by_name', 'service_average', 'stopped', 'estimated'] as const;
export type CostSource = (typeof costSources)[number];

/** USD. Null where nothing is known, never 0. */
export interface ResourceCost {
  readonly usd: number;
  readonly source: CostSource;
}

/** Days, ISO dates; the end is exclusive. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

/** Unblended cost without credits and refunds, in the regions asked for. */
export interface Spend {
  readonly period: Period;
  /** One line an account and service; `service` is the provider's own name for it. */
  readonly lines: readonly { readonly accountId: string; readonly service: string; readonly usd: number }[];
  /** Per resource, where the provider tells it; keyed by ARN, or by the id it has there: an instance id. */
  readonly byResource: ReadonlyMap<string, ResourceCost>;
  /** Per value of the Name tag. */
  readonly byName: readonly {
    readonly accountId: string;
    readonly service: string;
    readonly name: string;
    readonly usd: number;
  }[];
  /** Accounts whose spend could not be read. */
  readonly failures: readonly Failure[];
  /** The provider says that amounts of the period may still change. */
  readonly estimated?: boolean;
}

export interface SpendRequest {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly period: Period;
}

export interface Costs {
  /** Never rejects for one account's sake: what failed is in `failures`. */
  spend(request: SpendRequest, context: Pick<CallContext, 'signal' | 'log'>): Promise<Spend>;
  /** Metered requests one `spend` makes, and what they are charged at. No upstream call. */
  price(request: SpendRequest): { readonly requests: number; readonly charges: readonly Money[] };
}

const DAY = 86_400_000;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The last `days` whole days before now. */
export const lastDays = (now: Date, days: number): Period => ({
  start: dayOf(now.getTime() - days * DAY),
  end: dayOf(now.getTime()),
});

/** Days after which the provider knows all costs of a day: https://docs.aws.amazon.com/cost-management/latest/userguide/ce-what-is.html */
const LAG_DAYS = 2;

/** The first day of a period whose costs may not all be told yet; undefined where all are. */
export const incompleteFrom = ({ start, end }: Period, now: Date): string | undefined => {
  const day = dayOf(now.getTime() - LAG_DAYS * DAY);
  return day < end ? (day > start ? day : start) : undefined;
};

/** Whole days from the start of a period to its end. */
export const daysOf = ({ start, end }: Period): number => Math.round((Date.parse(end) - Date.parse(start)) / DAY);

/** Days of the period the reports are about. */
export const COST_DAYS = 30;
