/** What Google Analytics answers, as far as tools use it. */
import { z } from 'zod';

const paged = { nextPageToken: z.string().optional() };

const AnalyticsAccount = z.object({ name: z.string(), displayName: z.string().default('') });
export type AnalyticsAccount = z.infer<typeof AnalyticsAccount>;
export const AccountPage = z.object({ ...paged, accounts: z.array(AnalyticsAccount).default([]) });

const Summary = z.object({
  account: z.string(),
  propertySummaries: z.array(z.object({ property: z.string(), displayName: z.string().default('') })).default([]),
});
export type Summary = z.infer<typeof Summary>;
export const SummaryPage = z.object({ ...paged, accountSummaries: z.array(Summary).default([]) });

const AnalyticsProperty = z.object({
  name: z.string(),
  displayName: z.string().default(''),
  timeZone: z.string().optional(),
  currencyCode: z.string().optional(),
});
export type AnalyticsProperty = z.infer<typeof AnalyticsProperty>;
export const PropertyPage = z.object({ ...paged, properties: z.array(AnalyticsProperty).default([]) });

const DataStream = z.object({
  name: z.string(),
  type: z.string(),
  displayName: z.string().default(''),
  webStreamData: z.object({ measurementId: z.string().optional(), defaultUri: z.string().optional() }).optional(),
  androidAppStreamData: z.object({ packageName: z.string().optional() }).optional(),
  iosAppStreamData: z.object({ bundleId: z.string().optional() }).optional(),
});
export type DataStream = z.infer<typeof DataStream>;
export const DataStreamPage = z.object({ ...paged, dataStreams: z.array(DataStream).default([]) });

const Values = z.array(z.object({ value: z.string().default('') })).default([]);
const Row = z.object({ dimensionValues: Values, metricValues: Values });
export type ReportRow = z.infer<typeof Row>;

export const Report = z.object({
  dimensionHeaders: z.array(z.object({ name: z.string() })).default([]),
  metricHeaders: z.array(z.object({ name: z.string(), type: z.string().default('') })).default([]),
  rows: z.array(Row).default([]),
  totals: z.array(Row).default([]),
  /** All rows that there are, however many this answer has. */
  rowCount: z.number().default(0),
  metadata: z
    .object({
      currencyCode: z.string().optional(),
      timeZone: z.string().optional(),
      emptyReason: z.string().optional(),
      subjectToThresholding: z.boolean().default(false),
      dataLossFromOtherRow: z.boolean().default(false),
      samplingMetadatas: z.array(z.object({ samplesReadCount: z.string(), samplingSpaceSize: z.string() })).default([]),
    })
    .optional(),
  propertyQuota: z.object({ tokensPerDay: z.object({ remaining: z.number().optional() }).optional() }).optional(),
});
export type Report = z.infer<typeof Report>;
