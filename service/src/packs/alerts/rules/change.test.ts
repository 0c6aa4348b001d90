import pino from 'pino';
import { type AlertsPack, openAlertsPack, receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { isUnresolved } from '../model/alert.ts';
import { createEvents } from '../store/events.ts';
import { createRuleBook } from './rules.ts';
import { judgeRules } from './rules-worker.ts';

let now = new Date('2026-05-01T10:00:00.000Z');
const setTime = (clock: string) => {
  now = new Date(`2026-05-01T${clock}:00.000Z`);
};
const rule = {
  ...{ rule_id: 'many-cells', name: 'Many cells', severity: 4, group_by: ['site_code'] },
  matchers: [{ name: 'name', value: 'CellOut' }],
  condition: { type: 'severity', n: 5 },
};

let pack: AlertsPack;
beforeAll(async () => {
  pack = await openAlertsPack(() => now);
});
afterAll(() => pack.close());
const list = async () => (await pack.call('list_alert_rules', {})).rules as Record<string, unknown>[];
const upsert = (more = {}, expected_version = 0) =>
  pack.ask('upsert_alert_rule', { rule: { ...rule, ...more }, expected_version });

describe('a rule', () => {
  it('is added, changed and deleted by countersigned changes that expect its version, and comes back by a revert', async () => {
    const asked = await upsert();
    expect([asked.countersign, asked.plan.changes[0]?.before.rule_id, await list()]).toEqual([
      'second-person',
      null,
      [],
    ]);
    await pack.approve(asked);
    expect(await list()).toMatchObject([
      { rule_id: 'many-cells', version: 1, matchers: '{name="CellOut"}', updated_by: 'ana@example.com' },
    ]);
    await expect(upsert({ severity: 5 })).rejects.toMatchObject({ code: 'conflict' });
    const late = await upsert({ severity: 3 }, 1);
    await pack.approve(await upsert({ severity: 5 }, 1));
    expect((await pack.approve(late)).status).toBe('failed');
    expect(await list()).toMatchObject([{ version: 2, severity: 5 }]);
    const deleted = await pack.approve(
      await pack.ask('delete_alert_rule', { rule_id: 'many-cells', expected_version: 2, confirm: true }),
    );
    expect(await list()).toEqual([]);
    await pack.approve(await pack.revert(deleted));
    expect(await list()).toMatchObject([{ version: 2, severity: 5 }]);
  });

  it.each([
    ['a condition of no kind', { condition: { type: 'sum' } }, 'rule.condition'],
    [
      'an expression of a lookahead',
      { matchers: [{ name: 'a', value: '(?=b)', isRegex: true }] },
      'rule.matchers.0.value',
    ],
    ['no severity', { severity: 0 }, 'rule.severity'],
    ['a member it has not', { color: 'red' }, 'color'],
  ])('is refused with %s', async (_what, more, message) => {
    await expect(upsert(more, 2)).rejects.toThrow(message);
  });

  it('is tried over events that somebody writes, and over those of the last hours', async () => {
    const at = (minute: number, labels: object) => ({ at: `2026-05-01T09:0${minute}:00Z`, severity: 5, labels });
    const cell = { name: 'CellOut', site_code: 'CZA0021' };
    const counts = { ...rule, condition: { type: 'count', n: 2, window_s: 600 } };
    const tried = await pack.call('test_alert_rule', {
      rule: counts,
      events: [at(0, cell), at(1, cell), at(2, { ...cell, site_code: 'MSH0031' })],
    });
    expect(tried).toMatchObject({
      ...{ events: 3, total: 1 },
      would_fire: [{ from: '2026-05-01T09:01:00.000Z', until: null, labels: { site_code: 'CZA0021' } }],
    });
    expect(await pack.call('test_alert_rule', { rule_id: 'many-cells', hours_back: 1 })).toMatchObject({ total: 0 });
    await expect(pack.call('test_alert_rule', {})).rejects.toThrow('either rule or rule_id');
  });

  it('makes one alert a group while it fires, ends it afterwards, and takes none of its own for a cause', async () => {
    const queued: string[] = [];
    const rules = createRuleBook(pack.objects, pino({ level: 'silent' }));
    const own = {
      ...{
        rules,
        states: pack.states,
        events: createEvents(pack.objects),
        now: () => now,
        log: pino({ level: 'silent' }),
      },
      jobs: { enqueue: async ({ worker }: { worker: string }) => ({ jobId: '', isNew: queued.push(worker) > 0 }) },
    };
    const judge = () => judgeRules(own, AbortSignal.timeout(10_000));
    const made = async () =>
      (await pack.states.all()).filter(({ source, ...alert }) => source === 'rule' && isUnresolved(alert));
    setTime('11:00');
    const cell = { name: 'CellOut', site_code: 'CZA0021' };
    await receive(pack.states, incomingAlert(now.toISOString(), cell));
    expect([await judge(), await judge()]).toEqual([1, 0]);
    expect(await made()).toMatchObject([
      { name: 'Many cells', severity: 5, site_code: 'CZA0021', labels: { rule_id: 'many-cells' } },
    ]);
    setTime('11:10');
    await receive(
      pack.states,
      incomingAlert('2026-05-01T11:00:00.000Z', { ...cell, status: 'resolved', ends_at: now.toISOString() }),
    );
    expect([await judge(), await made()]).toEqual([1, []]);
    expect(queued).toEqual(['tell-alerts', 'tell-alerts']);
  });
});
