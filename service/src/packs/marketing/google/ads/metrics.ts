/** Figures of Google Ads. int64 is text; averages of money are doubles in micros; values of conversions are in the currency's unit. */
import { z } from 'zod';

const Int64 = z.string().regex(/^-?\d{1,19}$/);

export const AdsMetrics = z.looseObject({
  costMicros: Int64.default('0'),
  clicks: Int64.default('0'),
  impressions: Int64.default('0'),
  conversions: z.number().default(0),
  conversionsValue: z.number().default(0),
  ctr: z.number().optional(),
  averageCpc: z.number().optional(),
  costPerConversion: z.number().optional(),
});
export type AdsMetrics = z.infer<typeof AdsMetrics>;

/** Sums, exact of money, and ratios of the sums: an average of averages is neither. */
export const createMetricSums = () => {
  let [cost, clicks, impressions] = [0n, 0n, 0n];
  let [conversions, conversionsValue] = [0, 0];
  return {
    add: (metrics: AdsMetrics): void => {
      cost += BigInt(metrics.costMicros);
      clicks += BigInt(metrics.clicks);
      impressions += BigInt(metrics.impressions);
      conversions += metrics.conversions;
      conversionsValue += metrics.conversionsValue;
    },
    sums: (): AdsMetrics => ({
      costMicros: String(cost),
      clicks: String(clicks),
      impressions: String(impressions),
      conversions,
      conversionsValue,
      ...(impressions > 0n && { ctr: Number(clicks) / Number(impressions) }),
      ...(clicks > 0n && { averageCpc: Number(cost) / Number(clicks) }),
      ...(conversions > 0 && { costPerConversion: Number(cost) / conversions }),
    }),
  };
};
