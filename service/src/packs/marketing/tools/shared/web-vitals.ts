/** What the figures of the Chrome UX Report mean: https://web.dev/articles/vitals. */
import { z } from 'zod';
import type { CruxRecord } from '../../google/crux.ts';
import { AnswerRows, shown } from './answer.ts';

export interface Vital {
  readonly name: string;
  /** Its name in the report. */
  readonly metric: string;
  readonly unit: 'ms' | 'score';
  /** Good up to the first, poor above the second. */
  readonly good: number;
  readonly poor: number;
}

export const vitals: readonly Vital[] = [
  { name: 'LCP', metric: 'largest_contentful_paint', unit: 'ms', good: 2500, poor: 4000 },
  { name: 'INP', metric: 'interaction_to_next_paint', unit: 'ms', good: 200, poor: 500 },
  { name: 'CLS', metric: 'cumulative_layout_shift', unit: 'score', good: 0.1, poor: 0.25 },
  { name: 'FCP', metric: 'first_contentful_paint', unit: 'ms', good: 1800, poor: 3000 },
  { name: 'TTFB', metric: 'experimental_time_to_first_byte', unit: 'ms', good: 800, poor: 1800 },
];

export type Rating = 'good' | 'needs_improvement' | 'poor' | null;

export const ratingOf = ({ good, poor }: Pick<Vital, 'good' | 'poor'>, p75: number | null): Rating => {
  if (p75 === null) return null;
  if (p75 <= good) return 'good';
  return p75 > poor ? 'poor' : 'needs_improvement';
};

/** The three Core Web Vitals are good; INP may be missing, as on pages that nobody clicks on. Null: not enough data. */
const passes = (ratings: ReadonlyMap<string, Rating>): boolean | null => {
  const [lcp, inp, cls] = ['LCP', 'INP', 'CLS'].map((name) => ratings.get(name) ?? null);
  if (lcp === null || cls === null) return null;
  return lcp === 'good' && cls === 'good' && (inp === null || inp === 'good');
};

const percent = (density = 0): number => Math.round(density * 1000) / 10;

export const VitalsAnswer = z.object({
  /** ok, or no_data where too few people visit it. */
  status: z.string(),
  first_date: z.string().nullable(),
  last_date: z.string().nullable(),
  /** LCP, INP and CLS are good. */
  passes_core_web_vitals: z.boolean().nullable(),
  normalized_url: z.string().optional(),
  metrics: AnswerRows,
});

/** One metric. Percents are of visits. */
type ShownVital = {
  readonly metric: string;
  readonly unit: string;
  readonly p75: number | null;
  readonly rating: Rating;
  readonly good_percent: number;
  readonly needs_improvement_percent: number;
  readonly poor_percent: number;
};

export type ShownVitals = Omit<z.input<typeof VitalsAnswer>, 'metrics'> & { readonly metrics: ShownVital[] };

const noVitals: ShownVitals = {
  ...{ status: 'no_data', first_date: null, last_date: null, passes_core_web_vitals: null },
  metrics: [],
};

export const vitalsOf = (found: CruxRecord | undefined): ShownVitals => {
  if (found === undefined) return noVitals;
  const { metrics: measured, collectionPeriod } = found.record;
  const metrics = vitals.flatMap((vital) => {
    const { percentiles, histogram } = measured[vital.metric] ?? {};
    if (percentiles === undefined || histogram === undefined) return [];
    const [good, middle, poor] = histogram.map(({ density }) => density);
    return {
      ...{ metric: vital.name, unit: vital.unit, p75: percentiles.p75, rating: ratingOf(vital, percentiles.p75) },
      ...{ good_percent: percent(good), needs_improvement_percent: percent(middle), poor_percent: percent(poor) },
    };
  });
  const normalized = found.urlNormalizationDetails?.normalizedUrl;
  return {
    status: 'ok',
    first_date: collectionPeriod?.firstDate ?? null,
    last_date: collectionPeriod?.lastDate ?? null,
    passes_core_web_vitals: passes(new Map(metrics.map(({ metric, rating }) => [metric, rating]))),
    ...(normalized !== undefined && { normalized_url: shown(normalized) }),
    metrics,
  };
};
