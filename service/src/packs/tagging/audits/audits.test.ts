import { openOnePack } from '../../../../test/rigs/one-pack.ts';

const startOfTests = new Date('2026-12-15T20:00:00Z');
const daily = { schedule: 'daily', time: '09:00', timezone: 'America/New_York', recipients: ['ada@example.com'] };

describe('a scheduled audit', () => {
  let now = startOfTests;
  const pack = openOnePack('tagging', {}, [], () => now);
  const list = async () => (await (await pack).call('list_compliance_audits', {})).audits as Record<string, unknown>[];
  const ask = async (tool: string, input: object) => (await pack).ask(tool, input);
  const confirm = async (tool: string, input: object) => {
    const { confirm } = await pack;
    return confirm(await ask(tool, input));
  };
  beforeEach(() => {
    now = startOfTests;
  });
  afterAll(async () => (await pack).close());

  it('comes only once its admin has confirmed it, is paused, resumed, deleted, and brought back by a rollback', async () => {
    const asked = await ask('schedule_compliance_audit', daily);
    expect([asked.status, asked.countersign, await list()]).toEqual(['awaiting-confirmation', 'same-person', []]);
    const { confirm: agree, revert } = await pack;
    expect((await agree(asked)).status).toBe('applied');
    const [audit] = await list();
    expect(audit).toMatchObject({
      ...{ status: 'active', schedule: 'daily', next_run: '2026-12-16T09:00:00-05:00' },
      ...{ recipients: ['ada@example.com'], last_run: null },
    });
    const id = { schedule_id: audit?.schedule_id };
    await confirm('pause_compliance_audit', id);
    expect(await list()).toMatchObject([{ status: 'paused', next_run: null }]);
    await expect(ask('pause_compliance_audit', id)).rejects.toMatchObject({ code: 'invalid_input' });
    now = new Date('2026-12-18T20:00:00Z');
    await confirm('pause_compliance_audit', { ...id, action: 'resume' });
    expect(await list()).toMatchObject([{ status: 'active', next_run: '2026-12-19T09:00:00-05:00' }]);
    const deleted = await confirm('delete_compliance_audit', id);
    expect(await list()).toEqual([]);
    await agree(await revert(deleted));
    expect(await list()).toMatchObject([{ ...id, status: 'active', time: '09:00' }]);
  });

  it.each([
    ['a stranger', { recipients: ['eve@example.org'] }, 'eve@example.org cannot be told by mail'],
    ['one stranger among others', { recipients: ['ada@example.com', 'x@y.example'] }, 'x@y.example cannot'],
    ['a Slack channel by mail', { recipients: ['#approvers'], format: 'email' }, '#approvers cannot be told by mail'],
    ['a mailbox by Slack', { recipients: ['finops@example.com'], format: 'slack' }, 'cannot be told by slack'],
  ])('is not sent to %s', async (_what, more, message) => {
    await expect(ask('schedule_compliance_audit', { ...daily, ...more })).rejects.toThrow(message);
  });

  it.each([
    [{ time: '24:00' }, 'HH:MM'],
    [{ time: '9:00' }, 'HH:MM'],
    [{ timezone: 'Mars/Olympus' }, 'IANA'],
    [{ schedule: 'hourly' }, 'schedule'],
    [{ recipients: [] }, 'recipients'],
  ])('refuses %j', async (more, message) => {
    await expect(ask('schedule_compliance_audit', { ...daily, ...more })).rejects.toThrow(message);
  });

  it('names nobody that is not there', async () => {
    const id = { schedule_id: 'audit-sched-000000000000' };
    for (const tool of ['pause_compliance_audit', 'delete_compliance_audit'])
      await expect(ask(tool, id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
