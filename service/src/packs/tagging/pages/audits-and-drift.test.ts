import { openOnePack } from '../../../../test/rigs/one-pack.ts';
import type { AuditSchedule } from '../audits/schedule.ts';
import { auditsView } from './audits-view.ts';

const audit: AuditSchedule = {
  scheduleId: 'audit-sched-0123456789ab',
  schedule: 'weekly',
  time: '09:00',
  timezone: 'Europe/Berlin',
  recipients: ['ada@example.com'],
  format: 'both',
  status: 'active',
  nextRun: '2026-11-23T08:00:00.000Z',
  ...{ createdBy: 'ada@example.com', createdAt: '2026-11-01T00:00:00.000Z', revision: 1 },
  lastRun: {
    ...{ plannedFor: '2026-11-16T08:00:00.000Z', ranAt: '2026-11-16T11:00:00.000Z', score: 0.7104 },
    quality: 'partial',
    ...{ violations: 375, toldTo: 1, missed: 2, unreachable: ['max@example.com'] },
  },
};

describe('the page of scheduled audits', () => {
  it('says when each comes, and what the last one found and could not do', () => {
    const page = auditsView({ audits: [audit], isAdmin: true, now: '2026-11-20T08:00:00.000Z' }).toString();
    expect(page).toContain('every Monday at 09:00 (Europe/Berlin)');
    expect(page).toContain('in 3 days');
    expect(page).toContain('71.0%');
    expect(page).toContain('saw only a part, 2 audits before it did not run, ran late, 1 recipient could not be told');
    expect(page).toContain('ada@example.com');
  });

  it('shows addresses of colleagues to admins only', () => {
    const page = auditsView({ audits: [audit], isAdmin: false, now: '2026-11-20T08:00:00.000Z' }).toString();
    expect(page).not.toContain('@example.com');
    expect(page).toContain('1 recipient by mail and Slack');
  });
});

describe('the pages of a new sandbox', () => {
  const pack = openOnePack('tagging');
  afterAll(async () => (await pack).close());
  const main = async (path: string, query: Record<string, string> = {}) =>
    (await (await pack).show(path, query)).main.toString();

  it('show drift by severity with who and when, and say that no audit is scheduled', async () => {
    const page = await main('/drift');
    expect(page).toMatch(/Critical.*a required tag was removed/s);
    expect(page).toMatch(/assumed-role\/(Developers|Terraform)\//);
    expect(page).not.toContain('not known');
    expect(await main('/audits')).toContain('No audit is scheduled.');
  });

  it('list only drift of the severity that is asked for', async () => {
    const page = await main('/drift', { severity: 'critical', days: '30' });
    const rows = page.match(/data-column="Severity">.*?<\/td>/gs) ?? [];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain('Critical');
    expect(await main('/drift', { days: 'x' })).toContain('<strong>7 days</strong>');
  });
});
