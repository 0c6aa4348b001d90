/** Judges the rules each minute: what fires becomes an alert of the source `rule`, and is resolved when it fires no more. */
import { z } from 'zod';
import type { Jobs } from '../../../ports/jobs.ts';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import { decidePost } from '../life/decide.ts';
import { type Alert, isUnresolved } from '../model/alert.ts';
import { parseElementType } from '../model/element.ts';
import type { AlertEvent } from '../model/event.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import type { AlertRule } from '../model/rule.ts';
import { soon } from '../notices/soon.ts';
import type { AlertPack } from '../world.ts';
import { firingsOf, type Happening } from './evaluate.ts';
import { happeningsIn, happeningsOf, RULE_SOURCE } from './happenings.ts';

type RulesPack = Pick<AlertPack, 'rules' | 'states' | 'events' | 'now' | 'log'> & {
  readonly jobs: Pick<Jobs, 'enqueue'>;
};

const RULES_WORKER = 'judge-alert-rules';
export const rulesJob: RecurringJob = { name: RULES_WORKER, worker: RULES_WORKER, cron: '* * * * *' };

const conditionWords = ({ condition }: AlertRule): string => {
  switch (condition.type) {
    case 'count':
      return `At least ${condition.n} alerts began within ${condition.window_s} s.`;
    case 'severity':
      return `An alert of severity ${condition.n} or more is open.`;
    case 'absence':
      return `Nothing came for ${condition.window_s} s.`;
  }
};

/** The alert of one group of a rule. Its fingerprint is of the rule and the group alone. */
const madeBy = (rule: AlertRule, group: Readonly<Record<string, string>>, at: string): IncomingAlert => ({
  ...{ source: RULE_SOURCE, name: rule.name, description: conditionWords(rule) },
  ...{ severity: rule.severity, severity_defaulted: false, status: 'firing' },
  ...{ site_code: group.site_code ?? '', element_type: parseElementType(group.element_type), element_id: '' },
  labels: { ...group, rule_id: rule.rule_id },
  ...{ annotations: {}, starts_at: at, ends_at: null, received_at: at },
});

const firingNow = (rule: AlertRule, happenings: readonly Happening[], now: number) => {
  // A rule of absence misses nothing from before it was there.
  const known = { from: Date.parse(rule.updated_at), to: now };
  return firingsOf(rule, happenings, known).filter(({ from, until }) => from <= now && now < until);
};

const wanted = (
  rules: readonly AlertRule[],
  alerts: readonly Alert[],
  raised: readonly Happening[],
  now: Date,
): IncomingAlert[] =>
  rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const happenings = rule.condition.type === 'count' ? raised : happeningsOf(rule, alerts);
      return firingNow(rule, happenings, now.getTime()).map(({ labels }) => madeBy(rule, labels, now.toISOString()));
    });

const longestWindow = (rules: readonly AlertRule[]): number =>
  rules.reduce(
    (most, { enabled, condition }) =>
      enabled && condition.type === 'count' ? Math.max(most, condition.window_s) : most,
    0,
  );

/** Posts that bring the alerts of rules to what fires now: those that began, and the end of those that do no more. */
const postsFor = (firing: readonly IncomingAlert[], open: readonly Alert[], at: string): IncomingAlert[] => {
  const [fires, opened] = [new Set(firing.map(fingerprintOf)), new Set(open.map(({ fingerprint }) => fingerprint))];
  const over = open
    .filter(({ fingerprint }) => !fires.has(fingerprint))
    .map((alert): IncomingAlert => ({ ...alert, status: 'resolved', ends_at: at, received_at: at }));
  return [...firing.filter((post) => !opened.has(fingerprintOf(post))), ...over];
};

const post = async ({ states, events }: RulesPack, posts: readonly IncomingAlert[], batchId: string): Promise<void> => {
  const made: AlertEvent[] = [];
  for (const [place, incoming] of posts.entries())
    await states.changeCurrent(fingerprintOf(incoming), (current, alertId) => {
      const { alert, event } = decidePost(current, incoming, { alertId, eventId: `${batchId}-${place}` });
      if (event !== undefined) made[place] = event;
      return alert;
    });
  await events.write(
    batchId,
    made.flatMap((event) => event ?? []),
  );
};

/** @returns how many alerts it began or ended */
export const judgeRules = async (pack: RulesPack, signal: AbortSignal): Promise<number> => {
  const [rules, alerts] = await Promise.all([pack.rules.all(), pack.states.all()]);
  const open = alerts.filter((alert) => alert.source === RULE_SOURCE && isUnresolved(alert));
  if (rules.length === 0 && open.length === 0) return 0;
  const now = pack.now();
  const window = longestWindow(rules) * 1000;
  const raised =
    window === 0 ? [] : await happeningsIn(pack, { from: now.getTime() - window + 1, to: now.getTime() }, signal);
  const posts = postsFor(wanted(rules, alerts, raised, now), open, now.toISOString());
  if (posts.length === 0) return 0;
  await post(pack, posts, `${now.toISOString().replaceAll(/[:.]/g, '-')}-rules`);
  await soon(pack);
  return posts.length;
};

export const rulesWorker = (pack: AlertPack): Worker =>
  defineWorker({
    name: RULES_WORKER,
    description: 'Judges the rules of alerts, and begins and ends the alerts that they make.',
    payload: z.object({}),
    atOnce: 1,
    work: async ({ signal }) => ({ result: { changed: await judgeRules(pack, signal) } }),
  });
