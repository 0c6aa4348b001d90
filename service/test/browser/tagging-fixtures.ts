/** Pages of the tagging pack with what they tell of a made-up estate. */

import type { AuditSchedule } from '../../src/packs/tagging/audits/schedule.ts';
import type { TagDrift } from '../../src/packs/tagging/drift/compare.ts';
import { attributionKey } from '../../src/packs/tagging/drift/trail.ts';
import { auditsView } from '../../src/packs/tagging/pages/audits-view.ts';
import { driftView } from '../../src/packs/tagging/pages/drift-view.ts';
import { exportsView } from '../../src/packs/tagging/pages/exports-view.ts';
import { historyView } from '../../src/packs/tagging/pages/history-view.ts';
import { unattributedView } from '../../src/packs/tagging/pages/unattributed-view.ts';
import { violationsView } from '../../src/packs/tagging/pages/violations-view.ts';
import type { StoredScan } from '../../src/packs/tagging/scan/stored-scan.ts';
import type { Html } from '../../src/web/html.ts';
import { attacks, now } from './fixtures.ts';

const accountNames = new Map([['123456789012', 'Production']]);
const timestamp = '2026-11-20T06:00:00.000Z';
const hostile = attacks.script + attacks.bidi;

const finding = (at: number) =>
  ({
    violationType: at % 2 === 0 ? 'missing_required_tag' : 'invalid_value',
    tagName: at === 3 ? hostile : 'CostCenter',
    severity: at % 3 === 0 ? 'warning' : 'error',
    currentValue: at % 2 === 0 ? null : hostile,
    allowedValues: ['Engineering', 'Platform', 'Data'],
  }) as const;

const violations = (): Html =>
  violationsView({
    found: {
      timestamp,
      policyVersion: '2.1',
      policyThen: '2.0',
      violations: Array.from({ length: 130 }, (_, at) => ({
        arn: `arn:aws:ec2:us-east-1:123456789012:instance/i-${'0f'.repeat(6)}${at}`,
        type: 'ec2:instance',
        accountId: at === 1 ? '' : '123456789012',
        region: 'us-east-1',
        finding: finding(at),
      })),
      resources: 450,
      newer: { timestamp: '2026-11-20T07:00:00.000Z', quality: 'partial' },
    },
    query: { severity: undefined, type: undefined, account: undefined, region: undefined, tag: undefined, page: 1 },
    changedSince: 3,
    accountNames,
    now,
  });

const scan = (at: number): StoredScan => ({
  ...{
    scanId: `s${at}`,
    extentHash: 'h',
    timestamp: new Date(Date.parse(timestamp) - (14 - at) * 86_400_000).toISOString(),
  },
  ...{ policyVersion: at < 7 ? '2.0' : '2.1', quality: at === 5 ? 'partial' : 'complete', score: 0.6 + at / 100 },
  ...{
    counts: { total: 450, compliant: 270 + at * 4 },
    violationCount: 300 - at,
    costGap: at === 6 ? null : 16_232.87,
  },
  ...{
    extent: { accounts: ['123456789012'], regions: ['us-east-1'], types: [] },
    inventory: [],
    averages: [],
    chunks: 0,
  },
});

const history = (): Html =>
  historyView({
    scans: Array.from({ length: 14 }, (_, at) => scan(at)),
    extent: { accounts: ['123456789012'], regions: ['us-east-1'], types: ['ec2:instance'] },
    ...{ days: 30, spans: [7, 30, 90], period: 'day', now },
  });

const part = (total: number, gap: number | null) =>
  ({ total, attributable: total - (gap ?? 0), gap, resources_scanned: 40, resources_compliant: 31 }) as const;

const unattributed = (): Html =>
  unattributedView({
    found: {
      timestamp,
      gap: {
        ...{ total: 56_683.96, taggable: 49_657.03, attributable: 33_424.16, gap: 16_232.87, unmapped: 2810.77 },
        ...{ unread: 120.5, unattributable: 7026.93, unknownAccounts: ['234567890123'], estimated: true },
        period: { start: '2026-10-21', end: '2026-11-20' },
        parts: {
          service: [
            ['Amazon Elastic Compute Cloud - Compute', part(21_292.57, 7148.67)],
            [hostile, part(4000, null)],
            ['Amazon Simple Storage Service', part(900, 0)],
          ],
          ...{ account: [], resource_type: [] },
        },
      },
    },
    ...{ by: 'service', accountNames, now },
  });

const exports = (): Html =>
  exportsView({
    rows: [
      {
        ...{
          key: 'violations/2026-11-20-1.csv',
          size: 48_210,
          writtenAt: timestamp,
          keptUntil: '2026-12-20T06:00:00.000Z',
        },
        href: '/download?link=e30',
        note: {
          by: { personId: 'ana', name: hostile },
          fileName: 'Violations 2026-11-20.csv',
          rows: 375,
          filters: { severity: 'errors_only', resourceTypes: ['ec2:instance', 's3:bucket'] },
          scan: { timestamp, policyVersion: '2.1', quality: 'complete', accounts: 3, regions: 3, types: 7 },
        },
      },
      {
        ...{
          key: 'violations/2026-11-19-2.xlsx',
          size: 900,
          writtenAt: timestamp,
          keptUntil: '2026-12-19T06:00:00.000Z',
        },
        ...{ href: undefined, note: undefined },
      },
    ],
    ...{ kept: true, total: 27, isWhole: true, page: 1, last: 2 },
  });

const moved = (at: number): TagDrift => ({
  resource: {
    arn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/checkout-${at}/50dc6c495c0c9188`,
    ...{ type: 'ec2:instance', accountId: '123456789012', region: 'eu-central-1', id: `checkout-${at}` },
  },
  tag: at === 1 ? hostile : 'DataClassification',
  driftType: at === 0 ? 'removed' : 'changed',
  severity: at === 0 ? 'critical' : 'warning',
  oldValue: 'customer-data-platform@example.com',
  newValue: at === 0 ? null : hostile,
});

const drift = (): Html => {
  const drifts = [0, 1, 2].map(moved);
  const by = 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Developers_0123456789abcdef/ana@example.com';
  return driftView({
    drift: {
      ...{ drifts, resourcesNew: 4, resourcesDeleted: 2, from: '2026-11-13T06:00:00.000Z', to: timestamp },
      writers: new Map(
        drifts.slice(0, 2).map((each, at) => [attributionKey(each), { at: timestamp, by: at === 0 ? by : null }]),
      ),
    },
    ...{ days: 7, severity: undefined },
  });
};

const audit = (at: number): AuditSchedule => ({
  ...{
    scheduleId: `audit-sched-0123456789a${at}`,
    schedule: 'weekly',
    time: '09:00',
    timezone: 'America/Argentina/Buenos_Aires',
  },
  ...{
    recipients: ['ada@example.com', hostile],
    format: 'both',
    status: at === 0 ? 'active' : 'paused',
    nextRun: '2026-11-23T12:00:00.000Z',
  },
  ...{ createdBy: 'ada@example.com', createdAt: timestamp, revision: 1 },
  ...(at === 0 && {
    lastRun: {
      ...{
        plannedFor: '2026-11-16T12:00:00.000Z',
        ranAt: '2026-11-16T15:00:00.000Z',
        score: 0.7104,
        quality: 'partial',
      },
      ...{ violations: 375, toldTo: 1, missed: 2, unreachable: ['max@example.com'] },
    },
  }),
});

const audits = (): Html =>
  auditsView({
    audits: [audit(0), audit(1)],
    forms: {
      ...{ csrf: 'csrf-token-of-this-session', timeZone: 'UTC', signInAgain: undefined },
      problem: `recipients: ${hostile} cannot be told by mail.`,
      draft: { recipients: hostile, time: '07:45' },
    },
    now,
  });

/** By name: the title and what is on it. */
export const taggingPages: Readonly<Record<string, { readonly title: string; readonly main: () => Html }>> = {
  violations: { title: 'Tag violations', main: violations },
  'compliance-history': { title: 'Tag compliance over time', main: history },
  'unattributed-cost': { title: 'Unattributed cost', main: unattributed },
  exports: { title: 'Exported files', main: exports },
  drift: { title: 'Tag drift', main: drift },
  audits: { title: 'Scheduled audits', main: audits },
};
