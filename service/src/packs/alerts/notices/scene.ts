/** What there is to be told about at one moment: read once, for groups and escalations together. */
import { type Alert, isUnresolved } from '../model/alert.ts';
import { labelsOf } from '../model/matchers.ts';
import type { Silence } from '../model/silence.ts';
import { type AlertGroup, groupOf, type Route } from '../routing/routing.ts';
import type { Silencing } from '../silences/silencing.ts';
import { silencingAt } from '../silences/silencing.ts';
import type { TellPack } from './tell-pack.ts';

export interface RoutedAlert {
  readonly alert: Alert;
  readonly routes: readonly Route[];
}

export interface Scene {
  readonly now: Date;
  readonly byId: ReadonlyMap<string, Alert>;
  readonly silences: readonly Silence[];
  readonly silencing: Silencing;
  /** Open and not silenced. */
  readonly heard: readonly RoutedAlert[];
  readonly groups: ReadonlyMap<string, { readonly group: AlertGroup; readonly alerts: readonly Alert[] }>;
}

export const readScene = async ({ states, silences: kept, routes, now: clock }: TellPack): Promise<Scene> => {
  const [alerts, silences, router] = await Promise.all([states.all(), kept.all(), routes.router()]);
  const now = clock();
  const silencing = silencingAt(silences, now);
  const groups = new Map<string, { readonly group: AlertGroup; readonly alerts: Alert[] }>();
  const heard: RoutedAlert[] = [];
  for (const alert of alerts) {
    if (!isUnresolved(alert) || silencing.of(alert).length > 0) continue;
    const labels = labelsOf(alert);
    const taken = router(labels);
    heard.push({ alert, routes: taken });
    for (const route of taken) {
      const group = groupOf(route, labels);
      const known = groups.get(group.id);
      if (known === undefined) groups.set(group.id, { group, alerts: [alert] });
      else if (!known.alerts.includes(alert)) known.alerts.push(alert);
    }
  }
  return { now, silences, silencing, heard, groups, byId: new Map(alerts.map((alert) => [alert.alert_id, alert])) };
};
