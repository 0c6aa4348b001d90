/** What Search Console answers, as far as tools use it. */
import { z } from 'zod';

export const Site = z.object({ siteUrl: z.string(), permissionLevel: z.string() });
export type Site = z.infer<typeof Site>;

/** JSON of Google has int64 as text. */
const Count = z.union([z.string(), z.number()]).transform(Number).pipe(z.number());

export const Sitemap = z.object({
  path: z.string(),
  lastSubmitted: z.string().optional(),
  lastDownloaded: z.string().optional(),
  isPending: z.boolean().optional(),
  isSitemapsIndex: z.boolean().optional(),
  errors: Count.default(0),
  warnings: Count.default(0),
  contents: z.array(z.object({ type: z.string(), submitted: Count.default(0) })).default([]),
});
export type Sitemap = z.infer<typeof Sitemap>;

export const AnalyticsRow = z.object({
  keys: z.array(z.string()).default([]),
  clicks: z.number().default(0),
  impressions: z.number().default(0),
  /** Clicks per impression, 0 to 1. */
  ctr: z.number().optional(),
  /** The average one, 1 is the highest. Discover and Google News have none. */
  position: z.number().optional(),
});
export type AnalyticsRow = z.infer<typeof AnalyticsRow>;

// Documented with underscores, and written in camel case by the discovery document.
export const AnalyticsPage = z.object({
  rows: z.array(AnalyticsRow).default([]),
  responseAggregationType: z.string().optional(),
  metadata: z
    .object({
      first_incomplete_date: z.string().optional(),
      firstIncompleteDate: z.string().optional(),
      first_incomplete_hour: z.string().optional(),
      firstIncompleteHour: z.string().optional(),
    })
    .optional(),
});
export type AnalyticsPage = z.infer<typeof AnalyticsPage>;

const Verdict = z.object({ verdict: z.string().optional() });
const Issue = z.object({ severity: z.string().optional(), issueMessage: z.string().optional() });
export const Inspection = z.object({
  inspectionResultLink: z.string().optional(),
  indexStatusResult: Verdict.extend({
    coverageState: z.string().optional(),
    indexingState: z.string().optional(),
    robotsTxtState: z.string().optional(),
    pageFetchState: z.string().optional(),
    crawledAs: z.string().optional(),
    lastCrawlTime: z.string().optional(),
    googleCanonical: z.string().optional(),
    userCanonical: z.string().optional(),
    sitemap: z.array(z.string()).default([]),
    referringUrls: z.array(z.string()).default([]),
  }).optional(),
  richResultsResult: Verdict.extend({
    detectedItems: z
      .array(
        z.object({
          richResultType: z.string().optional(),
          items: z.array(z.object({ name: z.string().optional(), issues: z.array(Issue).default([]) })).default([]),
        }),
      )
      .default([]),
  }).optional(),
  ampResult: Verdict.extend({
    ampUrl: z.string().optional(),
    indexingState: z.string().optional(),
    issues: z.array(Issue).default([]),
  }).optional(),
});
export type Inspection = z.infer<typeof Inspection>;
