/** The page of tag compliance over time. */
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { definePage, type PackPage } from '../../page.ts';
import type { ScanPoint } from '../scan/scans.ts';
import { type ComplianceProps, complianceView } from './compliance-view.ts';

/** What the page reads. */
export interface ComplianceReports {
  /** Scans of the whole estate that began in the last `days` days, oldest first. */
  history(days: number): Promise<readonly ScanPoint[]>;
  /** Resources this service wrote after a time, by the policy that holds. */
  changedSince(timestamp: string): Promise<number>;
  policy(): Promise<ComplianceProps['policy']>;
}

/** Days the chart goes back: as long as scans are kept. */
const days = 90;

export const compliancePage = (reports: ComplianceReports): PackPage =>
  definePage({
    route: tagging.routes.compliance,
    title: 'Tag compliance',
    nav: { label: 'Compliance', order: 30 },
    home: {
      title: 'Tag compliance',
      text: 'How many resources have the tags that the policy asks for, over time, and what spend cannot be attributed.',
      link: 'See tag compliance',
    },
    show: async () => {
      const history = await reports.history(days);
      const newest = history.at(-1);
      const changedSince = newest === undefined ? 0 : await reports.changedSince(newest.timestamp);
      return { main: complianceView({ history, policy: await reports.policy(), days, changedSince }) };
    },
  });
