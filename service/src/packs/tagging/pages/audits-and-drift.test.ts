import { openOnePack } from '../../../../test/rigs/one-pack.ts';
import type { PageContent, PageRedirect } from '../../page.ts';
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
    const page = auditsView({
      audits: [audit],
      forms: { csrf: 'token', timeZone: 'UTC', signInAgain: undefined },
      now: '2026-11-20T08:00:00.000Z',
    }).toString();
    expect(page).toContain('every Monday at 09:00 (Europe/Berlin)');
    expect(page).toContain('in 3 days');
    expect(page).toContain('71.0%');
    expect(page).toContain('saw only a part, 2 audits before it did not run, ran late, 1 recipient could not be told');
    expect(page).toContain('ada@example.com');
  });

  it('shows addresses of colleagues to admins only', () => {
    const page = auditsView({ audits: [audit], forms: undefined, now: '2026-11-20T08:00:00.000Z' }).toString();
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

  describe('forms of audits', () => {
    const [schedule, change] = ['/audits', '/audits/:scheduleId'];
    const weekly = { schedule: 'weekly', time: '09:00', timezone: 'Europe/Berlin', format: 'both', reason: '' };
    const asked = async (sent: Promise<PageContent | PageRedirect>) => {
      const answer = await sent;
      return 'redirect' in answer ? answer.redirect : Promise.reject(new Error(answer.main.toString()));
    };

    it('show what cannot be scheduled with everything that was typed', async () => {
      const { send } = await pack;
      const draft = { ...weekly, recipients: 'finops@example.com\r\n<eve>@example.org', time: '07:45' };
      const answer = await send(schedule, draft);
      if ('redirect' in answer) throw new Error('the stranger was taken');
      const page = answer.main.toString();
      expect(answer.status).toBe(400);
      expect(page).toMatch(/role="alert"><p>recipients: &lt;eve&gt;@example.org cannot be told by mail or slack/);
      for (const kept of ['value="07:45"', 'finops@example.com\n', 'value="Europe/Berlin"', '"both" selected'])
        expect(page).toContain(kept);
      expect(await main('/audits')).toContain('No audit is scheduled.');
    });

    it('ask for changes that wait: nothing is scheduled, paused or deleted before its admin confirms', async () => {
      const { send, confirm, find } = await pack;
      const confirmed = async (sent: Promise<PageContent | PageRedirect>) => {
        const [, operationId = ''] = /^\/approvals\/(op_\w+)\?planned=change$/.exec(await asked(sent)) ?? [];
        const operation = await find(operationId);
        expect(operation.status).toBe('awaiting-confirmation');
        return confirm(operation);
      };
      const made = await confirmed(send(schedule, { ...weekly, recipients: '#approvers, ana@example.com\n' }));
      expect(made.plan.changes[0]?.after).toMatchObject({ recipients: ['#approvers', 'ana@example.com'] });
      const scheduleId = made.plan.changes[0]?.resourceId ?? '';
      const rows = async () => (await main('/audits')).match(/<tr><th scope="row">.*?<\/tr>/gs) ?? [];
      expect((await rows())[0]).toMatch(/every Monday.*Active.*>Pause</s);
      await confirmed(send(change, { action: 'pause' }, { scheduleId }));
      expect((await rows())[0]).toMatch(/Paused.*>Resume</s);
      await confirmed(send(change, { action: 'resume' }, { scheduleId }));
      await confirmed(send(change, { action: 'delete' }, { scheduleId }));
      expect(await rows()).toEqual([]);
      const gone = await send(change, { action: 'pause' }, { scheduleId });
      expect(gone).toMatchObject({ status: 404 });
    });
  });

  it('list only drift of the severity that is asked for', async () => {
    const page = await main('/drift', { severity: 'critical', days: '30' });
    const rows = page.match(/data-column="Severity">.*?<\/td>/gs) ?? [];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain('Critical');
    expect(await main('/drift', { days: 'x' })).toContain('<strong>7 days</strong>');
  });
});
