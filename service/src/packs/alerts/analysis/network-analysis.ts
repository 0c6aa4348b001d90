/** Everything that the page of analyses draws, over one reading of the alarms. The tools ask for the same functions one by one. */
import { type ClusterTimeline, type CorrelationMatrix, clusterTimeline, correlationMatrix } from './charts.ts';
import { clustersOf } from './clusters.ts';
import { type Correlations, correlate, correlationMethods, knownSites, usualThresholds } from './correlations.ts';
import { type AnalysisCall, readAlarms } from './read-alarms.ts';
import { type RootCauseReport, rootCauses, usualRootCauses } from './root-cause-report.ts';
import type { AnalysisSources } from './sources.ts';
import type { AnalysisWindow } from './window.ts';
import { WorkTurns } from './work-turns.ts';

export interface NetworkAnalysis {
  readonly alarms: number;
  /** In none of the charts. */
  readonly alarms_without_site: number;
  readonly timeline: ClusterTimeline;
  readonly correlations: Correlations;
  /** Of alarms that come together. */
  readonly temporal: CorrelationMatrix;
  /** Of sites that fail together. */
  readonly spatial: CorrelationMatrix;
  readonly root_causes: RootCauseReport;
}

export interface ChartSizes {
  readonly sites: number;
  readonly clustersPerSite: number;
  readonly matrixKeys: number;
}

/**
 * @example
 * const window = windowOf(undefined, 7, pack.now());
 * const { timeline } = await analyzeNetwork(analysisSources(pack), window, sizes, context);
 */
export const analyzeNetwork = async (
  sources: AnalysisSources,
  window: AnalysisWindow,
  sizes: ChartSizes,
  call: AnalysisCall,
): Promise<NetworkAnalysis> => {
  const { columns, withoutSite } = await readAlarms(sources.events, window, call);
  const clusters = await clustersOf(columns, new WorkTurns(call.signal));
  const asked = { ...usualThresholds, methods: correlationMethods, knownSites: await knownSites(sources) };
  const correlations = await correlate(columns, asked, window, call.signal);
  return {
    alarms: columns.size,
    alarms_without_site: withoutSite,
    timeline: clusterTimeline(columns, clusters, { sites: sizes.sites, clusters: sizes.clustersPerSite }),
    correlations,
    temporal: correlationMatrix(correlations.temporal?.pairs ?? [], sizes.matrixKeys),
    spatial: correlationMatrix(correlations.spatial?.pairs ?? [], sizes.matrixKeys),
    root_causes: await rootCauses(columns, usualRootCauses, call.signal),
  };
};
