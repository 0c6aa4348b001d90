/** What tools for Google Ads take and show. */
import { z } from 'zod';
import { customerSpelling } from '../../../../../../contracts/google-accounts.ts';
import { amountOf, type Money, ofMicros } from '../../../../measures/money.ts';
import type { AccountRef } from '../../../../ports/accounts.ts';
import type { AdsMetrics } from '../../google/ads/metrics.ts';

/** Google shows customer ids as 123-456-7890. */
export const CustomerId = z
  .string()
  .refine((id) => /^\d{3}-?\d{3}-?\d{4}$/.test(id), 'must be the ten digits of a Google Ads account')
  .overwrite(customerSpelling)
  .describe('Google Ads account');

export const ofCustomer = ({ customerId }: { readonly customerId: string }): readonly AccountRef[] => [
  { api: 'GoogleAds', accountId: customerId },
];

/** Of a campaign, budget or ad group. */
export const AdsId = z.string().refine((id) => /^\d{1,20}$/.test(id), 'must be digits');

/** The last part of a resource name: of customers/1/campaigns/2 the 2. */
export const lastPartOf = (resourceName: string): string => resourceName.slice(resourceName.lastIndexOf('/') + 1);

export const MoneyShown = z.object({ micros: z.string(), amount: z.string(), currency: z.string() });

export const moneyShown = (money: Money): z.input<typeof MoneyShown> => ({
  micros: money.micros,
  amount: amountOf(money),
  currency: money.currency,
});

/** Nothing where Google says nothing of it, and for zero, by which it says the same. */
export const microsShown = (micros: string | undefined, currency: string): z.input<typeof MoneyShown> | null =>
  micros === undefined || micros === '0' ? null : moneyShown(ofMicros(micros, currency));

/** Averages are doubles in micros. */
const averageShown = (micros: number | undefined, currency: string) =>
  micros === undefined ? null : moneyShown(ofMicros(String(Math.round(micros)), currency));

/** Figures as answers show them: an alias, because a record takes no interface. */
type ShownMetrics = {
  readonly cost: z.input<typeof MoneyShown>;
  readonly clicks: number;
  readonly impressions: number;
  /** 0 to 1. */
  readonly ctr: number | null;
  readonly average_cpc: z.input<typeof MoneyShown> | null;
  readonly conversions: number;
  /** In the currency's unit. */
  readonly conversions_value: number;
  readonly cost_per_conversion: z.input<typeof MoneyShown> | null;
};

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

export const shownMetrics = (metrics: AdsMetrics, currency: string): ShownMetrics => ({
  cost: moneyShown(ofMicros(metrics.costMicros, currency)),
  clicks: Number(metrics.clicks),
  impressions: Number(metrics.impressions),
  ctr: metrics.ctr === undefined ? null : rounded(metrics.ctr, 4),
  average_cpc: averageShown(metrics.averageCpc, currency),
  conversions: rounded(metrics.conversions, 2),
  conversions_value: rounded(metrics.conversionsValue, 2),
  cost_per_conversion: averageShown(metrics.costPerConversion, currency),
});
