/** The compliance page, and what it adds to the others. */
import { alerts } from '../../../contracts/packs/alerts.ts';
import { marketing } from '../../../contracts/packs/marketing.ts';
import { tagging } from '../../../contracts/packs/tagging.ts';
import { composePages } from '../../src/http/pages/composition.ts';
import { alertStyles } from '../../src/packs/alerts/pages/styles.ts';
import { budgetStyles } from '../../src/packs/marketing/pages/styles.ts';
import { compliancePage } from '../../src/packs/tagging/pages/compliance.ts';
import type { ComplianceProps } from '../../src/packs/tagging/pages/compliance-view.ts';
import { taggingStyles } from '../../src/packs/tagging/pages/styles.ts';
import type { ScanPoint } from '../../src/packs/tagging/scan/scans.ts';

const scan = (index: number): ScanPoint => ({
  timestamp: new Date(Date.parse('2026-10-24T08:00:00Z') + index * 46 * 3_600_000).toISOString(),
  score: index === 6 ? null : Math.min(0.95, 0.52 + index * 0.012 + (index % 4 === 0 ? -0.02 : 0.014)),
  totalResources: 450,
  violationCount: 312 - index * 7,
  costGap: index === 6 ? null : 24_000 - index * 640.5,
  dataQuality: index === 6 ? 'failed' : index % 5 === 3 ? 'partial' : 'complete',
});

export const complianceProps: ComplianceProps = {
  changedSince: 0,
  history: Array.from({ length: 15 }, (_, index) => scan(index)),
  days: 30,
  policy: {
    version: '2026-11-01',
    requiredTags: ['CostCenter', 'Owner', 'Environment'],
    source: 'the sandbox’s own policy',
  },
};

const { history, policy, changedSince } = complianceProps;
const page = compliancePage({
  history: async () => history,
  changedSince: async () => changedSince,
  policy: async () => policy,
});

export const composition = composePages([
  { title: tagging.title, description: tagging.description, pages: [page], styles: taggingStyles },
  { title: marketing.title, description: marketing.description, pages: [], styles: budgetStyles },
  { title: alerts.title, description: alerts.description, pages: [], styles: alertStyles },
]);
