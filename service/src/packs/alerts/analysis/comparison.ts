/** Sites side by side: how far each lies from the others, and which alarms they share. */
import { jaccardOf, medianOf, shownRatio, spreadOf, zScore } from './figures.ts';
import type { SiteMetrics } from './site-metrics.ts';

/** What of a site is held against the others. */
export const comparedMetrics = [
  'alarms_per_day',
  'mean_severity_score',
  'mttr_min',
  'mtbe_min',
  'availability',
  'noise_ratio',
  'health',
] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

export interface ComparedSite {
  readonly site_code: string;
  /** Null for a site that was never seen. */
  readonly health: number | null;
  /** Null likewise. */
  readonly metrics: SiteMetrics | null;
  /** Names of its alarms in the window. */
  readonly names: ReadonlySet<string>;
}

export interface Outlier {
  readonly site_code: string;
  readonly metric: ComparedMetric;
  readonly value: number;
  /** Null where there are too few sites for it: then the median decides. */
  readonly median: number | null;
}

export interface SiteSimilarity {
  readonly site_a: string;
  readonly site_b: string;
  /** Null where neither had an alarm. */
  readonly jaccard: number | null;
  readonly shared_names: number;
}

export interface SiteComparison {
  /** By site, one z for each metric that it has. */
  readonly z: ReadonlyMap<string, Partial<Record<ComparedMetric, number>>>;
  readonly outliers: readonly Outlier[];
  readonly similarity: readonly SiteSimilarity[];
}

const OUTLIER_Z = 1.5;
/** With fewer sites no z says much: twice the median is then an outlier. */
const FEWEST_FOR_Z = 4;

const metricOf = (site: ComparedSite, metric: ComparedMetric): number | null =>
  metric === 'health' ? site.health : (site.metrics?.[metric] ?? null);

interface Valued {
  readonly site_code: string;
  readonly value: number;
}

const valuesOf = (sites: readonly ComparedSite[], metric: ComparedMetric): Valued[] =>
  sites.flatMap((site) => {
    const value = metricOf(site, metric);
    return value === null ? [] : [{ site_code: site.site_code, value }];
  });

const outliersOf = (metric: ComparedMetric, valued: readonly Valued[]): Outlier[] => {
  const values = valued.map(({ value }) => value);
  if (values.length >= FEWEST_FOR_Z) {
    const spread = spreadOf(values);
    return valued
      .filter(({ value }) => Math.abs(zScore(value, spread)) >= OUTLIER_Z)
      .map((each) => ({ ...each, metric, median: null }));
  }
  const median = medianOf(values) ?? 0;
  // A site that is like the median is none, also where that is 0.
  return valued
    .filter(({ value }) => value > median && value >= 2 * median)
    .map((each) => ({ ...each, metric, median }));
};

const similarityOf = (a: ComparedSite, b: ComparedSite): SiteSimilarity => {
  const shared = [...a.names].filter((name) => b.names.has(name)).length;
  const jaccard = jaccardOf(a.names.size, b.names.size, shared);
  return {
    site_a: a.site_code,
    site_b: b.site_code,
    jaccard: jaccard === null ? null : shownRatio(jaccard),
    shared_names: shared,
  };
};

/** The most alike first. */
const similaritiesOf = (sites: readonly ComparedSite[]): SiteSimilarity[] =>
  sites
    .flatMap((a, at) => sites.slice(at + 1).map((b) => similarityOf(a, b)))
    .sort((a, b) => (b.jaccard ?? -1) - (a.jaccard ?? -1));

export const compareFigures = (sites: readonly ComparedSite[]): SiteComparison => {
  const z = new Map<string, Partial<Record<ComparedMetric, number>>>(sites.map(({ site_code }) => [site_code, {}]));
  const outliers: Outlier[] = [];
  for (const metric of comparedMetrics) {
    const valued = valuesOf(sites, metric);
    const spread = spreadOf(valued.map(({ value }) => value));
    for (const { site_code, value } of valued)
      z.set(site_code, { ...z.get(site_code), [metric]: shownRatio(zScore(value, spread)) });
    outliers.push(...outliersOf(metric, valued));
  }
  return { z, outliers, similarity: similaritiesOf(sites) };
};

/** The worst health first, sites never seen last. */
export const worstFirst = <Site extends { readonly site_code: string; readonly health: number | null }>(
  sites: Iterable<Site>,
): Site[] =>
  [...sites].sort(
    (a, b) =>
      (a.health ?? Number.POSITIVE_INFINITY) - (b.health ?? Number.POSITIVE_INFINITY) ||
      (a.site_code < b.site_code ? -1 : 1),
  );
