/** What messages about alerts say. Names are from outside: they go into `about` and values, which the notices clean. */
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import type { Alert } from '../model/alert.ts';
import { severityNames } from '../model/severity.ts';
import { type Silence, silenceEnd } from '../model/silence.ts';
import { alertHref } from '../pages/alert-links.ts';
import type { AlertNotice } from './delivery.ts';
import type { GroupMessage, GroupState } from './group.ts';

/** Alerts and sites that one message names. */
const MOST_NAMED = 5;
/** From Major on somebody should look now. */
const URGENT = 4;

const listed = (texts: readonly string[]): string => {
  const named = texts.slice(0, MOST_NAMED).join(', ');
  return texts.length > MOST_NAMED ? `${named} and ${texts.length - MOST_NAMED} more` : named;
};

const nameOf = ({ name, site_code }: Alert): string => (site_code === '' ? name : `${name} at ${site_code}`);
const worstOf = (all: readonly Alert[]): number => all.reduce((most, { severity }) => Math.max(most, severity), 0);
const pathOf = (told: readonly Alert[]): string => {
  const [alertId, ...others] = new Set(told.map(({ alert_id }) => alert_id));
  return alertId === undefined || others.length > 0 ? alerts.routes.alertList.path : alertHref(alertId);
};

const headlineOf = (
  { why }: GroupMessage,
  fresh: readonly Alert[],
  over: readonly Alert[],
  open: readonly Alert[],
): string => {
  const worst = severityNames[worstOf(fresh.length > 0 ? fresh : open)];
  if (why === 'repeated') return `${plural(open.length, 'alert')} still open, the worst ${worst}`;
  if (fresh.length === 0) return `${plural(over.length, 'alert')} over`;
  return `${plural(fresh.length, 'alert')} firing, the worst ${worst}${over.length > 0 ? `; ${over.length} over` : ''}`;
};

export interface ToldAlerts {
  readonly fresh: readonly Alert[];
  readonly over: readonly Alert[];
  /** All open ones of the group. */
  readonly open: readonly Alert[];
  /** That silenced any of the fresh ones until a moment ago: why people hear of an old alert now. */
  readonly unsilenced: readonly Silence[];
}

/** About one look at a group. */
export const groupNotice = (
  { group_id, group_key, created_at, told_count }: GroupState,
  message: GroupMessage,
  { fresh, over, open, unsilenced }: ToldAlerts,
): AlertNotice => {
  const about = fresh.length > 0 ? fresh : over.length > 0 ? over : open;
  const sites = [...new Set([...fresh, ...over, ...open].map(({ site_code }) => site_code))].filter(
    (site) => site !== '',
  );
  return {
    key: `group/${group_id}/${created_at}/${told_count}`,
    headline: headlineOf(message, fresh, over, open),
    about: clean(listed(about.map(nameOf)), 500),
    facts: [
      { label: 'Open in this group', value: String(open.length) },
      ...(sites.length > 0 ? [{ label: 'Sites', value: listed(sites) }] : []),
      ...(over.length > 0 && fresh.length > 0 ? [{ label: 'Over', value: listed(over.map(nameOf)) }] : []),
      ...unsilenced.slice(0, 2).map((silence) => ({
        label: 'Was silenced until',
        value: `${silenceEnd(silence)} by ${silence.created_by}: ${silence.comment}`.slice(0, 300),
      })),
      { label: 'Group', value: group_key.slice(0, 300) },
    ],
    link: { label: 'See what is open', path: pathOf([...fresh, ...over, ...open]) },
    urgent: worstOf(fresh) >= URGENT,
  };
};

export interface EscalationStep {
  readonly key: string;
  readonly policy: string;
  readonly step: number;
  readonly round: number;
  /** Why a person went on to it. */
  readonly reason?: string;
}

export const escalationNotice = (alert: Alert, { key, policy, step, round, reason }: EscalationStep): AlertNotice => ({
  key,
  headline: `Nobody has acknowledged an alert of severity ${severityNames[alert.severity]}: step ${step} of ${policy}`,
  about: clean(nameOf(alert), 500),
  facts: [
    { label: 'Since', value: alert.starts_at },
    ...(round > 0 ? [{ label: 'Repetition', value: String(round) }] : []),
    ...(reason === undefined ? [] : [{ label: 'Escalated because', value: reason.slice(0, 300) }]),
  ],
  link: { label: 'See the alert', path: alertHref(alert.alert_id) },
  urgent: alert.severity >= URGENT,
});
