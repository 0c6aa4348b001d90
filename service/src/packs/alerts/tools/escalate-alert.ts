import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Act, defineAct } from '../../../mcp/tool.ts';
import type { Escalations } from '../escalation/escalations.ts';
import { type Alert, isUnresolved } from '../model/alert.ts';
import { labelsOf } from '../model/matchers.ts';
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

export const escalateAlert = (pack: AlertPack, escalations: Escalations): Act =>
  defineAct({
    ...ownAct,
    name: 'escalate_alert',
    title: 'Escalate an alert',
    description:
      'Tells, at once, whom a later step of an open alert’s escalation policy names. The steps after it follow in their time.',
    input: z.strictObject({
      alert_id: AlertIdInput,
      to_level: z.int().min(1).max(10).describe('Step, above its escalation_level'),
      reason: z.string().trim().min(1).max(500).describe('Why'),
    }),
    output: z.object({
      alert: ListedAlert.extend({ escalation_level: z.int() }),
      notified: z.array(z.string()),
      untrusted_text: z.array(z.string()),
    }),
    run: async ({ alert_id, to_level, reason }, { caller }) => {
      const alert = openBelow(await pack.states.get(alert_id), to_level);
      const routes = (await pack.routes.router())(labelsOf(alert));
      const policies = escalations.policiesOf({ alert, routes }).filter(({ steps }) => steps.length >= to_level);
      if (policies.length === 0)
        throw new CountersignError(
          'conflict',
          `to_level: no receiver of this alert has an escalation policy of ${to_level} steps. See preview_routing, ALERT_RECEIVERS and ALERT_ESCALATIONS.`,
        );
      const notified: string[] = [];
      for (const policy of policies)
        notified.push(...(await escalations.jump(alert, policy, to_level, `${reason} (${caller.email})`)));
      const now = (await pack.states.get(alert_id)) ?? alert;
      return {
        alert: { ...listedAlert(now), escalation_level: now.escalation_level },
        notified: [...new Set(notified)],
        untrusted_text: untrustedIn('alert'),
      };
    },
  });
