/** The four methods that look for what belongs together, over alarms that were read once. */
import { type CausalOrder, causalOrder } from './causal.ts';
import { clustersOf } from './clusters.ts';
import type { AlarmColumns } from './columns.ts';
import { type Frequencies, frequencies } from './frequency.ts';
import type { PairThresholds } from './pair-figures.ts';
import type { FoundPairs } from './pair-search.ts';
import type { AnalysisSources } from './sources.ts';
import { type SpatialPairs, spatialPairs } from './spatial.ts';
import { temporalPairs } from './temporal.ts';
import type { AnalysisWindow } from './window.ts';
import { WorkTurns } from './work-turns.ts';

export const correlationMethods = ['temporal', 'spatial', 'causal', 'frequency'] as const;
export type CorrelationMethod = (typeof correlationMethods)[number];

export interface AskedCorrelations extends PairThresholds {
  readonly methods: readonly CorrelationMethod[];
  /** Every site that is known, also those without an alarm in the window. */
  readonly knownSites: Iterable<string>;
}

/** Those that were asked for. */
export interface Correlations {
  readonly temporal?: FoundPairs & { readonly clusters: number };
  readonly spatial?: SpatialPairs;
  readonly causal?: CausalOrder;
  readonly frequency?: Frequencies;
}

export const usualThresholds: PairThresholds = { minSupport: 0, minLift: 1.5, minConfidence: 0.5 };

/** Sites with an alert, so that those without an alarm in the window count among all. */
export const knownSites = async ({ states }: Pick<AnalysisSources, 'states'>): Promise<ReadonlySet<string>> =>
  new Set((await states.all()).flatMap(({ site_code }) => (site_code === '' ? [] : [site_code])));

export const correlate = async (
  columns: AlarmColumns,
  asked: AskedCorrelations,
  window: AnalysisWindow,
  signal: AbortSignal,
): Promise<Correlations> => {
  const turns = new WorkTurns(signal);
  const wants = (method: CorrelationMethod): boolean => asked.methods.includes(method);
  const clusters = await clustersOf(columns, turns);
  return {
    ...(wants('temporal') && {
      temporal: { ...(await temporalPairs(columns, clusters, asked, turns)), clusters: clusters.count },
    }),
    ...(wants('spatial') && { spatial: await spatialPairs(columns, window, asked, turns) }),
    ...(wants('causal') && { causal: await causalOrder(columns, clusters, turns) }),
    ...(wants('frequency') && { frequency: frequencies(columns, asked.knownSites) }),
  };
};
