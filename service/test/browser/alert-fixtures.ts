/** Pages of the alerts pack on the power failure of its sandbox, with an alert, a note and a silence of somebody hostile. */
import type { Html } from '../../src/web/html.ts';
import { openOnePack } from '../rigs/one-pack.ts';
import { attacks } from './fixtures.ts';

const begun = new Date('2026-05-08T09:00:00.000Z');
const hostile = attacks.script + attacks.bidi;

const tree = {
  receiver: 'default',
  group_by: ['site_code'],
  routes: [
    {
      matchers: [{ name: 'element_type', value: 'POWER_SYSTEM|TRANSMISSION', isRegex: true, isEqual: true }],
      receiver: 'noc',
      continue: true,
      routes: [{ matchers: [{ name: 'severity', value: '5', isRegex: false, isEqual: true }], group_wait: '10s' }],
    },
    { matchers: [{ name: 'vendor', value: hostile, isRegex: false, isEqual: true }] },
  ],
};

const receivers = [
  { name: 'noc', to: ['#network-operations', 'ana@example.com'], escalation: 'night' },
  { name: 'chief', to: ['chief@example.com'], send_resolved: false },
];
const escalations = [
  {
    name: 'night',
    steps: [
      { delay_min: 15, targets: ['noc'] },
      { delay_min: 30, targets: ['noc', 'chief'] },
    ],
    repeat: 1,
  },
];

const shownPages = async () => {
  const variables = { ALERT_RECEIVERS: JSON.stringify(receivers), ALERT_ESCALATIONS: JSON.stringify(escalations) };
  const pack = await openOnePack('alerts', variables, [], () => begun);
  try {
    const alert = {
      ...{ name: hostile, description: hostile.repeat(3), severity: 'critical', site_code: 'CZA0021' },
      ...{ element_type: 'POWER_SYSTEM', element_id: hostile, labels: { vendor: hostile } },
      annotations: { [attacks.attribute]: hostile, runbook: 'x'.repeat(300) },
    };
    const taken = await pack.call('ingest_alert', { format: 'generic', payload: { alerts: [alert] } });
    const [{ alert_id: alertId = '' } = {}] = taken.outcomes as readonly { readonly alert_id?: string }[];
    await pack.call('acknowledge_alert', { alert_id: alertId, comment: hostile });
    const terms = { matchers: [{ name: 'site_code', value: 'CZA0021' }], comment: hostile };
    const silences = [
      { ...terms, duration_min: 120, kind: 'maintenance' },
      { ...terms, duration_min: 60, starts_at: '2026-05-09T06:00:00Z' },
    ];
    for (const silence of silences) await pack.approve(await pack.ask('create_silence', silence));
    await pack.approve(await pack.ask('set_alert_route', { tree, expected_version: 0 }));
    const shown = async (...asked: Parameters<typeof pack.show>): Promise<Html> => (await pack.show(...asked)).main;
    return {
      network: { title: 'Network', main: await shown('/network') },
      alerts: { title: 'Alerts', main: await shown('/alerts') },
      alert: { title: 'Alert', main: await shown('/alerts/:alertId', {}, 'requester', { alertId }) },
      silences: { title: 'Silences', main: await shown('/silences') },
      'alert-routing': { title: 'Routing of alerts', main: await shown('/alert-routing', { alert: alertId }) },
      'alert-analysis': { title: 'Analysis of alarms', main: await shown('/alert-analysis', { days: '7' }) },
    };
  } finally {
    await pack.close();
  }
};

export const alertPages: Readonly<Record<string, { readonly title: string; readonly main: Html }>> = await shownPages();
