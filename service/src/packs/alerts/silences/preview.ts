/** What a silence would do to the alerts that are open: said before anybody agrees to it. */
import { plural } from '../../../measures/words.ts';
import type { Plan, State } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { type Alert, isUnresolved } from '../model/alert.ts';
import { compileMatchers, type Matcher, matchersWords } from '../model/matchers.ts';
import { severityNames } from '../model/severity.ts';
import { type Silence, silenceEnd, silenceState } from '../model/silence.ts';
import { matchedBy, silencingAt } from './silencing.ts';

/** Alerts that are named one by one. */
const MOST_NAMED = 20;
/** From Major on somebody may be waiting for it. */
const SEVERE = 4;

type Told = Pick<Plan, 'impact' | 'warnings'>;

/** Severities are numbers here, whatever senders call them: a silence of `critical` silences nothing. */
const neverTaken = (matchers: readonly Matcher[]): string[] =>
  matchers
    .filter((matcher) => matcher.name === 'severity')
    .filter(
      (matcher) =>
        !severityNames.some((_name, severity) => compileMatchers([matcher])(new Map([['severity', String(severity)]]))),
    )
    .map((matcher) => `No alert has ${clean(matchersWords([matcher]), 200)}: severity is 0 to 5 here.`);

const worstFirst = (one: Alert, other: Alert): number =>
  other.severity - one.severity || (one.alert_id < other.alert_id ? -1 : 1);

const rowOf = ({ alert_id, name, severity, site_code }: Alert) => ({
  alert_id,
  name: clean(name),
  severity,
  site_code: clean(site_code),
});

const namesOf = (alerts: readonly Alert[]): string => {
  const named = alerts
    .slice(0, 5)
    .map(
      ({ name, site_code, severity }) =>
        `"${clean(name, 80)}" at ${clean(site_code) || 'no site'} (${severityNames[severity]})`,
    );
  return alerts.length > named.length
    ? `${named.join(', ')} and ${alerts.length - named.length} more`
    : named.join(', ');
};

const same = (one: readonly Matcher[], other: readonly Matcher[]): boolean => {
  const words = (matchers: readonly Matcher[]) =>
    matchers
      .map((matcher) => matchersWords([matcher]))
      .sort()
      .join();
  return words(one) === words(other);
};

const doubles = ({ matchers }: Pick<Silence, 'matchers'>, others: readonly Silence[], now: Date): string[] =>
  others
    .filter((other) => silenceState(other, now) !== 'expired' && same(other.matchers, matchers))
    .map(
      (other) => `${other.silence_id} of ${other.created_by} has the same matchers and ends at ${silenceEnd(other)}.`,
    );

const beginning = (
  terms: Pick<Silence, 'matchers' | 'starts_at' | 'ends_at'>,
  matched: readonly Alert[],
  others: readonly Silence[],
  now: Date,
): string[] => {
  const severe = matched.filter(({ severity }) => severity >= SEVERE);
  return [
    `Nothing is silenced before somebody agrees, and whenever that is, it ends at ${terms.ends_at}.`,
    matched.length === 0
      ? 'No open alert matches now.'
      : `It silences ${plural(matched.length, 'open alert')} now: ${namesOf(matched)}.`,
    ...(severe.length === 0
      ? []
      : [`${severe.length} of them ${severe.length === 1 ? 'is' : 'are'} Major or Critical.`]),
    ...neverTaken(terms.matchers),
    ...doubles(terms, others, now),
  ];
};

/**
 * @param silences the others that are kept
 * @param what whether it begins or ends
 */
export const preview = (
  terms: Pick<Silence, 'matchers' | 'starts_at' | 'ends_at'>,
  alerts: readonly Alert[],
  silences: readonly Silence[],
  now: Date,
  what: 'begin' | 'end' = 'begin',
): Told & { readonly matching: State } => {
  const open = alerts.filter(isUnresolved);
  const matched = matchedBy(terms, open).sort(worstFirst);
  const silencing = silencingAt(silences, now);
  const byOthers = open.filter((alert) => silencing.of(alert).length > 0);
  const isNew = matched.filter((alert) => !byOthers.includes(alert));
  const [fewer, more] = [byOthers.length, byOthers.length + isNew.length];
  return {
    impact: [
      {
        ...{ label: 'Open alerts that nobody is told of', unit: 'count' },
        ...(what === 'begin' ? { before: fewer, after: more } : { before: more, after: fewer }),
      },
    ],
    warnings:
      what === 'begin'
        ? beginning(terms, matched, silences, now)
        : isNew.length === 0
          ? []
          : [`People are told of ${plural(isNew.length, 'open alert')} again: ${namesOf(isNew)}.`],
    matching: { matching_total: matched.length, matching: matched.slice(0, MOST_NAMED).map(rowOf) },
  };
};
