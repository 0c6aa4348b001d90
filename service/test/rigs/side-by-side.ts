/** Debian's Alertmanager and this service with the same tree. Alertmanager gets what is posted, and posts to the service. */
import { setTimeout as sleep } from 'node:timers/promises';
import { alerts as contract } from '../../../contracts/packs/alerts.ts';
import type { Alert } from '../../src/packs/alerts/model/alert.ts';
import { Matcher } from '../../src/packs/alerts/model/matchers.ts';
import { RouteTree } from '../../src/packs/alerts/model/route.ts';
import { startAlertmanager } from '../servers/alertmanager.ts';
import { freePort } from '../servers/server.ts';
import { alertmanagerApi, alertmanagerConfig, type SentAlert } from './alertmanager.ts';
import { type AlertsPack, applyPosts, openAlertsPack } from './alerts.ts';

const token = 'a-token-of-alertmanager-for-tests';
const now = () => new Date();
/** When the alerts began. */
export const began = new Date(Date.now() - 60_000).toISOString();

export const is = (name: string, value: string) => Matcher.parse({ name, value });
export const isNot = (name: string, value: string) => Matcher.parse({ name, value, isEqual: false });
export const like = (name: string, value: string) => Matcher.parse({ name, value, isRegex: true });
export const unlike = (name: string, value: string) => Matcher.parse({ name, value, isRegex: true, isEqual: false });

const receivers = ['noc', 'power', 'oncall', 'vendors', 'unknown', 'regions', 'north'];
const tree = RouteTree.parse({
  ...{ receiver: 'noc', group_by: ['site_code'], group_wait: '0s', group_interval: '1s', repeat_interval: '4h' },
  routes: [
    { receiver: 'power', continue: true, matchers: [is('element_type', 'POWER_SYSTEM')] },
    { receiver: 'oncall', matchers: [like('severity', '4|5')], group_by: ['site_code', 'alertname'] },
    { receiver: 'vendors', matchers: [like('vendor', 'ac.e')], group_by: ['...'] },
    { receiver: 'unknown', matchers: [is('element_type', '')] },
    {
      ...{ receiver: 'regions', matchers: [isNot('region', '')] },
      routes: [{ receiver: 'north', matchers: [unlike('region', 's.*')], group_by: ['region', 'vendor'] }],
    },
  ],
});

/** By the instance of each. */
export const labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mains: {
    alertname: 'MainsFailure',
    severity: '5',
    site_code: 'CZA0021',
    element_type: 'POWER_SYSTEM',
    vendor: 'acme',
  },
  cell: { alertname: 'CellOut', severity: '3', site_code: 'CZA0021', element_type: 'CELL_SITE', vendor: 'acme' },
  far: { alertname: 'CellOut', severity: '3', site_code: 'MSH0031', element_type: 'CELL_SITE', region: 'north' },
  south: { alertname: 'CellOut', severity: '2', site_code: 'PRT0090', element_type: 'CELL_SITE', region: 'south' },
  link: { alertname: 'LinkDown', severity: 'critical', site_code: 'MSH0031', element_type: 'TRANSMISSION' },
  fan: { alertname: 'FanFailed', severity: '2', site_code: 'hre0042', element_type: 'CELL_SITE', vendor: 'acme2' },
  pulse: { alertname: 'Watchdog', severity: '1' },
};
export const sent = (instance: string, more: Omit<SentAlert, 'labels'> = {}): SentAlert => ({
  labels: { ...labels[instance], instance },
  ...more,
});
export const instanceOf = (alert: { readonly labels: Readonly<Record<string, string>> }) => alert.labels.instance ?? '';

export interface SideBySide {
  readonly pack: AlertsPack;
  readonly theirs: ReturnType<typeof alertmanagerApi>;
  /** Our alerts by their instance, once all posts are applied. */
  ours(): Promise<ReadonlyMap<string, Alert>>;
  /** The same once it is so. @throws Error where it does not become so */
  until(isSo: (seen: ReadonlyMap<string, Alert>) => boolean): Promise<ReadonlyMap<string, Alert>>;
  /** Until Alertmanager has looked at each of its groups. */
  everyGroupWasLookedAt(): Promise<void>;
  close(): Promise<void>;
}

/** Both know all of `labels` when it resolves. */
export const openSideBySide = async (): Promise<SideBySide> => {
  const port = await freePort();
  const pack = await openAlertsPack(now, {
    PUBLIC_URL: `http://localhost:${port}`,
    ALERTMANAGER_TOKEN: token,
    ALERT_RECEIVERS: JSON.stringify(receivers.map((name) => ({ name, to: [`#${name}`] }))),
  });
  await pack.service.app.listen({ host: '127.0.0.1', port });
  const set = await pack.approve(await pack.ask('set_alert_route', { tree, expected_version: 0 }));
  if (set.status !== 'applied') throw new Error(`the tree is ${set.status}`);
  const url = `http://localhost:${port}${contract.routes.alertmanagerPost.path}`;
  const server = await startAlertmanager(alertmanagerConfig(tree, receivers, { url, token }));
  const theirs = alertmanagerApi(server.url);
  const ours: SideBySide['ours'] = async () => {
    await applyPosts(pack.objects, now);
    return new Map((await pack.states.all()).map((alert) => [alert.element_id, alert]));
  };
  const until: SideBySide['until'] = async (isSo) => {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(100)) {
      const seen = await ours();
      if (isSo(seen)) return seen;
    }
    const left = [...(await ours()).values()].map(({ element_id, status }) => `${element_id} ${status}`);
    throw new Error(`it did not become so: ${left.join(', ')}`);
  };
  let ticks = 0;
  await theirs.send(...Object.keys(labels).map((instance) => sent(instance, { startsAt: began })));
  await until((seen) => seen.size === Object.keys(labels).length);
  return {
    ...{ pack, theirs, ours, until },
    // A group that has news each second is told twice.
    everyGroupWasLookedAt: async () => {
      for (const _ of ['at once, or within its interval', 'an interval later']) {
        ticks += 1;
        const instance = `tick-${ticks}`;
        await theirs.send({ labels: { alertname: 'Tick', severity: '1', site_code: 'BFN0007', instance } });
        await until((seen) => seen.has(instance));
      }
    },
    close: async () => {
      await server.stop();
      await pack.close();
    },
  };
};
