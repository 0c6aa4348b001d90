/** The page of spend that nobody can be charged for: by service, account or type. */
import { z } from 'zod';
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { definePage, type PackPage } from '../../page.ts';
import { type KeptGap, keptGroups } from '../scan/kept-gap.ts';
import type { ScanSummary } from '../scan/stored-scan.ts';
import { unattributedView } from './unattributed-view.ts';

/** What the page reads: nothing upstream. */
export interface GapReports {
  /** Of everything that is enabled, oldest first. */
  completeScans(): Promise<readonly ScanSummary[]>;
  gap(scan: ScanSummary): Promise<KeptGap | undefined>;
  accountNames(): Promise<ReadonlyMap<string, string>>;
}

/** Scans looked through for one that asked what things cost. */
const MOST_TRIED = 20;

const newestGap = async (reports: GapReports) => {
  const scans = (await reports.completeScans()).slice(-MOST_TRIED);
  for (const scan of scans.toReversed()) {
    const gap = await reports.gap(scan);
    if (gap !== undefined) return { gap, timestamp: scan.timestamp };
  }
  return undefined;
};

export const unattributedPage = (reports: GapReports): PackPage =>
  definePage({
    route: tagging.routes.unattributedCost,
    title: 'Unattributed cost',
    home: {
      title: 'Unattributed cost',
      text: 'What is spent that no properly tagged resource accounts for, by service, account and type.',
      link: 'See unattributed cost',
    },
    query: z.object({ by: z.enum(keptGroups).catch('service') }),
    show: async ({ query: { by }, context }) => {
      const [found, accountNames] = await Promise.all([newestGap(reports), reports.accountNames()]);
      return { main: unattributedView({ found, by, accountNames, now: context.now().toISOString() }) };
    },
  });
