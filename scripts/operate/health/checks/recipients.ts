/** Somebody is told: a topic without a recipient takes alarms and findings and keeps them to itself. */
import type { Settings } from '../../../../contracts/settings/resolve.ts';
import { type TopicName, topicNames } from '../../../../modules/monitoring/topic.ts';
import { attention, type Check, type Judgement, ok } from '../check.ts';

/** What nobody would hear of. */
const told: Readonly<Record<TopicName, (settings: Settings) => string | undefined>> = {
  ops: () => 'errors, latency and capacity',
  security: ({ guardduty_findings }) =>
    guardduty_findings ? 'refused sign-ins and GuardDuty’s findings' : 'refused sign-ins',
  admin: ({ budget_usd, cost_anomaly_usd }) =>
    budget_usd === undefined && cost_anomaly_usd === undefined ? undefined : 'costs',
};

export const judgeRecipients = (settings: Settings): readonly Judgement[] =>
  topicNames.flatMap((name) => {
    const [emails, webhooks] = [settings[`${name}_emails`], settings[`${name}_webhooks`]];
    const of = told[name](settings);
    if (of === undefined) return [];
    const subject = `topic ${name}`;
    const count = emails.length + webhooks.length;
    return count === 0
      ? [attention(subject, `nobody is told of ${of}: give ${name}_emails or ${name}_webhooks`)]
      : [ok(subject, `${count} told of ${of}`)];
  });

export const recipients: Check = {
  name: 'recipients',
  applies: ({ settings, primary }) => settings.kind === 'prod' && primary,
  look: async ({ deployment }) => judgeRecipients(deployment.settings),
};
