/** What rules look at: events with the labels of their alerts, and alerts as they are now. What rules made themselves is left out. */
import type { Alert } from '../model/alert.ts';
import { isUnresolved } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import { labelsOf } from '../model/matchers.ts';
import type { RuleTerms } from '../model/rule.ts';
import type { AlertPack } from '../world.ts';
import type { Happening, KnownPeriod } from './evaluate.ts';

/** Source of the alerts that rules make. */
export const RULE_SOURCE = 'rule';

const happeningOf = (
  alert: Alert,
  { at, kind, severity, duplicate }: Pick<AlertEvent, 'at' | 'kind' | 'severity' | 'duplicate'>,
): Happening => ({
  ...{ at: Date.parse(at), kind, severity, duplicate: duplicate ?? false, alertId: alert.alert_id },
  labels: labelsOf({ ...alert, severity }),
});

const bySenders = (alerts: readonly Alert[]): ReadonlyMap<string, Alert> =>
  new Map(alerts.filter(({ source }) => source !== RULE_SOURCE).map((alert) => [alert.alert_id, alert]));

/** Events of a period. Those of alerts that are in the archive are left out. */
export const happeningsIn = async (
  { events, states }: Pick<AlertPack, 'events' | 'states'>,
  { from, to }: KnownPeriod,
  signal: AbortSignal,
): Promise<Happening[]> => {
  const alerts = bySenders(await states.all());
  const found: Happening[] = [];
  for await (const rows of events.read({ from: new Date(from), to: new Date(to + 1) }, signal))
    for (const event of rows) {
      const alert = alerts.get(event.alert_id);
      if (alert !== undefined) found.push(happeningOf(alert, event));
    }
  return found;
};

/** What alerts say by themselves, without their events: open ones of their severity, and when each was heard of last. */
export const happeningsOf = ({ condition }: Pick<RuleTerms, 'condition'>, alerts: readonly Alert[]): Happening[] =>
  condition.type === 'severity'
    ? [...bySenders(alerts).values()]
        .filter(isUnresolved)
        .map((alert) => happeningOf(alert, { at: alert.starts_at, kind: 'raise', severity: alert.severity }))
    : [...bySenders(alerts).values()].map((alert) =>
        happeningOf(alert, { at: alert.last_seen_at, kind: 'raise', severity: alert.severity }),
      );
