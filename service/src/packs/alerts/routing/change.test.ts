import { type AlertsPack, openAlertsPack, receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { openReceivers } from './receivers.ts';

const now = new Date('2026-05-01T10:00:00.000Z');
const receivers = ['noc', 'power', 'oncall', 'field'].map((name) => ({ name, to: [`#${name}`] }));
const tree = {
  receiver: 'noc',
  group_by: ['site_code'],
  routes: [
    { receiver: 'power', continue: true, matchers: [{ name: 'element_type', value: 'POWER_SYSTEM' }] },
    { receiver: 'oncall', matchers: [{ name: 'severity', value: '4|5', isRegex: true }] },
    { receiver: 'field', matchers: [{ name: 'site_code', value: 'CZA0021' }] },
  ],
};

let pack: AlertsPack;
beforeAll(async () => {
  pack = await openAlertsPack(() => now, { ALERT_RECEIVERS: JSON.stringify(receivers) });
});
afterAll(() => pack.close());
const preview = (labels: object) => pack.call('preview_routing', { labels });

describe('the routes', () => {
  it('are set by a change that shows each node and how many open alerts each receiver has, and are taken back', async () => {
    const power = incomingAlert(now.toISOString(), { name: 'MainsFailure', element_type: 'POWER_SYSTEM' });
    const { alert_id } = await receive(pack.states, power);
    expect(await preview({ severity: '5' })).toMatchObject({ receivers: ['default'], version: 0 });
    const asked = await pack.ask('set_alert_route', { tree, expected_version: 0 });
    expect(asked.plan.impact).toEqual([
      { label: 'Open alerts that reach default', unit: 'count', before: 1, after: 0 },
      { label: 'Open alerts that reach oncall', unit: 'count', before: 0, after: 1 },
      { label: 'Open alerts that reach power', unit: 'count', before: 0, after: 1 },
    ]);
    expect(asked.plan.changes[0]?.after).toMatchObject({
      version: 1,
      '{}': 'noc, grouped by site_code, after 30s, every 5m, again after 4h',
      '{} / {element_type="POWER_SYSTEM"}': expect.stringContaining('power, grouped by site_code, after 30s'),
    });
    expect(await preview({ severity: '5' })).toMatchObject({ receivers: ['default'] });
    const set = await pack.approve(asked);
    expect(set.status).toBe('applied');
    expect(await pack.call('preview_routing', { alert_id, show_tree: true })).toMatchObject({
      receivers: ['power', 'oncall'],
      routes: [
        { group_key: 'power: {} / {element_type="POWER_SYSTEM"}: {site_code="CZA0021"}' },
        { receiver: 'oncall' },
      ],
      ...{ version: 1, tree: { receiver: 'noc' } },
    });
    expect(await preview({ severity: '3', site_code: 'CZA0021' })).toMatchObject({ receivers: ['field'] });
    await pack.approve(await pack.revert(set));
    expect(await preview({ severity: '5' })).toMatchObject({ receivers: ['default'], version: 0 });
  });

  it('that others changed since are not overwritten: neither when it is planned, nor when it is applied', async () => {
    const first = await pack.ask('set_alert_route', { tree, expected_version: 0 });
    const second = await pack.ask('set_alert_route', { tree: { receiver: 'noc' }, expected_version: 0 });
    expect((await pack.approve(second)).status).toBe('applied');
    expect((await pack.approve(first)).status).toBe('failed');
    expect(await preview({})).toMatchObject({ receivers: ['noc'], version: 1 });
    await expect(pack.ask('set_alert_route', { tree, expected_version: 0 })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it.each([
    ['a receiver that nobody wrote down', { receiver: 'boss' }, 'no receiver boss. There are default, noc'],
    ['a node that is none', { receiver: 'noc', routes: [{ match: {} }] }, 'tree.routes.0'],
    [
      'an expression of a lookahead',
      { receiver: 'noc', routes: [{ matchers: [{ name: 'a', value: '(?=b)', isRegex: true }] }] },
      'tree.routes.0.matchers.0.value',
    ],
  ])('are refused with %s', async (_what, wrong, message) => {
    await expect(pack.ask('set_alert_route', { tree: wrong, expected_version: 1 })).rejects.toThrow(message);
  });

  it('are previewed for one alert or for labels, and say so', async () => {
    await expect(pack.call('preview_routing', {})).rejects.toThrow('either alert_id or labels');
    await expect(pack.call('preview_routing', { alert_id: 'f'.repeat(32) })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('receivers', () => {
  it.each([
    [{ ALERT_RECEIVERS: [{ name: 'a', escalation: 'night' }] }, 'ALERT_RECEIVERS: the escalation night of a'],
    [{ ALERT_ESCALATIONS: [{ name: 'night', steps: [{ targets: ['b'] }] }] }, 'ALERT_ESCALATIONS: night tells b'],
  ])('%j do not open', (variables, message) => {
    expect(() => openReceivers(variables as never)).toThrow(message);
  });
});
