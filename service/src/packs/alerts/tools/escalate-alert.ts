import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Act, defineAct } from '../../../mcp/tool.ts';
import { callerOf } from '../changes/stored-change.ts';
import type { Escalations } from '../escalation/escalations.ts';
import { type Alert, isUnresolved } from '../model/alert.ts';
import { labelsOf } from '../model/matchers.ts';
import { soon } from '../notices/soon.ts';
import type { AlertPack } from '../world.ts';
import { AlertIdInput, ownAct } from './shared/act-answer.ts';
import { ListedAlert, listedAlert, untrustedIn } from './shared/shown-alert.ts';

/** @throws conflict where it is over, or told so far already */
const openBelow = (alert: Alert | undefined, level: number): Alert => {
  if (alert === undefined)
    throw new CountersignError('not_found', 'alert_id: there is no such alert. list_alerts shows those there are.');
  if (!isUnresolved(alert))
    throw new CountersignError('conflict', `alert_id: it was resolved at ${alert.resolved_at}. Nobody is told.`);
  if (level <= alert.escalation_level)
    throw new CountersignError('invalid_input', `to_level: must be above ${alert.escalation_level}, where it is now.`);
  return alert;
};

const Asked = z.strictObject({
  alert_id: AlertIdInput,
  to_level: z.int().min(1).max(10).describe('Step, above its escalation_level'),
  reason: z.string().trim().min(1).max(500).describe('Why'),
});
type Asked = z.output<typeof Asked>;

const answerOf = (alert: Alert, notified: readonly string[]) => ({
  alert: { ...listedAlert(alert), escalation_level: alert.escalation_level },
  notified: [...new Set(notified)],
  untrusted_text: untrustedIn('alert'),
});

/** The alert, and the policies of its receivers that have such a step. @throws not_found, invalid_input, conflict */
const escalated = async ({ states, routes: book }: AlertPack, { policiesOf }: Escalations, asked: Asked) => {
  const { alert_id, to_level } = asked;
  const alert = openBelow(await states.get(alert_id), to_level);
  const routes = (await book.router())(labelsOf(alert));
  const policies = policiesOf({ alert, routes }).filter(({ steps }) => steps.length >= to_level);
  if (policies.length === 0)
    throw new CountersignError(
      'conflict',
      `to_level: no receiver of this alert has an escalation policy of ${to_level} steps. See preview_routing, ALERT_RECEIVERS and ALERT_ESCALATIONS.`,
    );
  return { alert, policies };
};

export const escalateAlert = (pack: AlertPack, escalations: Escalations): Act =>
  defineAct({
    ...ownAct,
    // Asked for again, it is refused: the alert is at that step.
    annotations: { ...ownAct.annotations, idempotentHint: false },
    name: 'escalate_alert',
    title: 'Escalate an alert',
    description:
      'Tells, at once, whom a later step of an open alert’s escalation policy names. The steps after it follow in their time.',
    input: Asked,
    output: z.object({
      alert: ListedAlert.extend({ escalation_level: z.int() }),
      notified: z.array(z.string()),
      untrusted_text: z.array(z.string()),
    }),
    run: async (asked, context) => {
      const { alert, policies } = await escalated(pack, escalations, asked);
      const { to_level, reason } = asked;
      const notified: string[] = [];
      for (const policy of policies)
        notified.push(...(await escalations.jump(alert, policy, to_level, `${reason} (${callerOf(context).email})`)));
      await soon(pack);
      return answerOf((await pack.states.get(alert.alert_id)) ?? alert, notified);
    },
    preview: async (asked) => {
      const { alert, policies } = await escalated(pack, escalations, asked);
      const told = policies.flatMap((policy) => escalations.targetsOf(policy, asked.to_level));
      return answerOf({ ...alert, escalation_level: asked.to_level }, told);
    },
  });
