/** Sites with far more alarms than the others. */
import { type AlarmColumns, rowsOfSite } from './columns.ts';
import { shownRatio, spreadOf, zScore } from './figures.ts';

const OUTLIER_Z = 3;

export interface FrequentSite {
  readonly site_code: string;
  readonly alarms: number;
  readonly z: number;
}

export interface Frequencies {
  readonly sites: number;
  readonly mean: number;
  readonly deviation: number;
  /** Most alarms first. */
  readonly outliers: readonly FrequentSite[];
}

/** @param known every site that is known, so that those without an alarm count too */
export const frequencies = (columns: AlarmColumns, known: Iterable<string>): Frequencies => {
  const counts = new Map<string, number>([...known].map((site) => [site, 0]));
  columns.sites.forEach((code, site) => {
    const [from, to] = rowsOfSite(columns, site);
    counts.set(code, to - from);
  });
  const spread = spreadOf([...counts.values()]);
  const outliers = [...counts]
    .map(([site_code, alarms]) => ({ site_code, alarms, z: zScore(alarms, spread) }))
    .filter(({ z }) => z >= OUTLIER_Z)
    .sort((a, b) => b.alarms - a.alarms || (a.site_code < b.site_code ? -1 : 1))
    .map((site) => ({ ...site, z: shownRatio(site.z) }));
  return {
    sites: counts.size,
    mean: shownRatio(spread.mean),
    deviation: shownRatio(spread.deviation),
    outliers,
  };
};
