/**
 * When a rule fires. Pure: the same over events that were kept, over events that somebody made up to try a rule, and over what is
 * there now. A window ends now and includes it; what happened exactly one window ago is outside.
 */
import type { AlertEvent } from '../model/event.ts';
import { compileMatchers, type Labels } from '../model/matchers.ts';
import type { RuleCondition, RuleTerms } from '../model/rule.ts';

/** Something that happened to an alert, and what the alert's labels say. */
export interface Happening {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: AlertEvent['kind'];
  readonly duplicate: boolean;
  readonly alertId: string;
  readonly severity: number;
  readonly labels: Labels;
}

/** From `from` on, until but not including `until`; epoch milliseconds. */
interface Span {
  readonly from: number;
  readonly until: number;
}

export interface Firing extends Span {
  /** Of the rule's group. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface KnownPeriod {
  /** Epoch milliseconds from which everything that happened is known. */
  readonly from: number;
  /** And up to which. */
  readonly to: number;
}

/** Joins what overlaps or touches. */
const merged = (spans: readonly Span[]): Span[] => {
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && span.from <= last.until)
      joined[joined.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
    else if (span.until > span.from) joined.push(span);
  }
  return joined;
};

/** It fires from each raise that is the nth of a window, until the first of those n leaves the window. */
const whenCounted = (happenings: readonly Happening[], n: number, window: number): Span[] => {
  const raises = happenings.filter(({ kind, duplicate }) => kind === 'raise' && !duplicate).map(({ at }) => at);
  return raises.flatMap((at, place) => {
    const first = raises[place - n + 1];
    return first !== undefined && at - first < window ? [{ from: at, until: first + window }] : [];
  });
};

/** It fires while any alert is open and severe enough. */
const whenSevere = (happenings: readonly Happening[], n: number, { to }: KnownPeriod): Span[] => {
  const since = new Map<string, number>();
  const spans: Span[] = [];
  for (const { alertId, kind, severity, at } of happenings) {
    const isSevere = kind !== 'clear' && severity >= n;
    const start = since.get(alertId);
    if (isSevere && start === undefined) since.set(alertId, at);
    if (isSevere || start === undefined) continue;
    since.delete(alertId);
    spans.push({ from: start, until: at });
  }
  return [...spans, ...[...since.values()].map((from) => ({ from, until: to + 1 }))];
};

/** It fires one window after what came last, until the next comes. Of a group that was never seen nothing can be missed. */
const whenAbsent = (
  happenings: readonly Happening[],
  window: number,
  { from, to }: KnownPeriod,
  grouped: boolean,
): Span[] => {
  const came = happenings.filter(({ kind }) => kind !== 'clear').map(({ at }) => at);
  const starts = grouped ? came : [...came, from].sort((one, other) => one - other);
  return starts.map((at, place) => ({ from: at + window, until: starts[place + 1] ?? to + 1 }));
};

const spansOf = (condition: RuleCondition, happenings: readonly Happening[], known: KnownPeriod, grouped: boolean) => {
  switch (condition.type) {
    case 'count':
      return whenCounted(happenings, condition.n, condition.window_s * 1000);
    case 'severity':
      return whenSevere(happenings, condition.n, known);
    case 'absence':
      return whenAbsent(happenings, condition.window_s * 1000, known, grouped);
  }
};

const groupsOf = (happenings: readonly Happening[], names: readonly string[]) =>
  Map.groupBy(happenings, ({ labels }) => JSON.stringify(names.map((name) => labels.get(name) ?? '')));

/**
 * Every time that a rule fires, by group and time. What begins after `to` is left out; what ends after it goes on then.
 * @param happenings in any order
 */
export const firingsOf = (
  { matchers, condition, group_by }: Pick<RuleTerms, 'matchers' | 'condition' | 'group_by'>,
  happenings: readonly Happening[],
  known: KnownPeriod,
): Firing[] => {
  const matches = compileMatchers(matchers);
  const names = [...new Set(group_by)].sort();
  const taken = happenings.filter(({ labels }) => matches(labels)).sort((a, b) => a.at - b.at);
  const groups = groupsOf(taken, names);
  if (names.length === 0 && groups.size === 0) groups.set('[]', []);
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, members]) => {
      const values: string[] = JSON.parse(key);
      const labels = Object.fromEntries(names.map((name, place) => [name, values[place] ?? '']));
      const spans = merged(spansOf(condition, members, known, names.length > 0));
      return spans.filter(({ from }) => from <= known.to).map((span) => ({ labels, ...span }));
    });
};
