/** The page of the score over days, weeks or months. */
import { z } from 'zod';
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { definePage, type PackPage } from '../../page.ts';
import type { Extent } from '../estate/estate.ts';
import { periods } from '../reports/history.ts';
import type { ScanSummary } from '../scan/stored-scan.ts';
import { historyView } from './history-view.ts';

/** What the page reads: nothing upstream. */
export interface HistoryReports {
  /** Scans of everything that is enabled, oldest first. */
  scans(days: number): Promise<readonly ScanSummary[]>;
  extent(): Promise<Extent>;
}

/** Days back that can be chosen. Scans are kept for the longest. */
const spans = [7, 30, 90] as const;

export const historyPage = (reports: HistoryReports): PackPage =>
  definePage({
    route: tagging.routes.complianceHistory,
    title: 'Tag compliance over time',
    query: z.object({
      days: z.coerce
        .number()
        .pipe(z.union(spans.map((days) => z.literal(days))))
        .catch(30),
      period: z.enum(periods).catch('day'),
    }),
    show: async ({ query: { days, period }, context }) => {
      const [scans, extent] = await Promise.all([reports.scans(days), reports.extent()]);
      return { main: historyView({ scans, extent, days, period, spans, now: context.now().toISOString() }) };
    },
  });
