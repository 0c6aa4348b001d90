/** Adds up figures by day, as `metrics` and `segments.date` have them. */
import type { DayFigures, Fields } from './state.ts';

const none: DayFigures = { costMicros: 0, clicks: 0, impressions: 0, conversions: 0, conversionsValue: 0 };

export const sumOf = (figures: readonly DayFigures[]): DayFigures =>
  figures.reduce(
    (sum, each) => ({
      costMicros: sum.costMicros + each.costMicros,
      clicks: sum.clicks + each.clicks,
      impressions: sum.impressions + each.impressions,
      conversions: sum.conversions + each.conversions,
      conversionsValue: sum.conversionsValue + each.conversionsValue,
    }),
    none,
  );

/** int64 is text, double a number. What divides by zero is left out. */
export const metricsFrom = (sum: DayFigures): Fields => ({
  costMicros: String(sum.costMicros),
  clicks: String(sum.clicks),
  impressions: String(sum.impressions),
  conversions: sum.conversions,
  conversionsValue: sum.conversionsValue,
  ...(sum.impressions > 0 && { ctr: sum.clicks / sum.impressions }),
  ...(sum.clicks > 0 && { averageCpc: sum.costMicros / sum.clicks }),
  ...(sum.conversions > 0 && { costPerConversion: sum.costMicros / sum.conversions }),
});
