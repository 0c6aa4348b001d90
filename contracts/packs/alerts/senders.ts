/** Who sends alerts: their webhooks, by what they prove who they are, and what is measured of them. */
import { z } from 'zod';
import type { MetricContract } from '../../metric.ts';
import { list as settingList } from '../../settings/setting.ts';
import { list, secret } from '../../variable.ts';

/** ARNs of SNS topics. */
const topics = {
  shape: /^arn:(aws|aws-cn|aws-us-gov):sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/,
  be: 'ARNs of SNS topics such as arn:aws:sns:eu-west-1:111122223333:alarms',
};
const severities = {
  shape: /^[^=,]{1,255}=(critical|major|minor|warning|info)$/,
  be: 'entries such as prod-*=critical',
};

export const senderVariables = {
  ALERTMANAGER_TOKEN: secret({
    description:
      'The token that Alertmanager sends (http_config.authorization.credentials), at least 32 characters; two, separated by a space, while one follows the other. Unset: its webhook is off.',
  }),
  ALERT_WEBHOOK_SECRET: secret({
    description:
      'The key, whsec_..., of senders that post alerts of the generic form by Standard Webhooks; several are separated by spaces. Unset: their webhook is off.',
  }),
  ALERT_TOPICS: list({
    description:
      'ARNs of the SNS topics whose CloudWatch alarms are taken. Messages of any other topic are refused. Empty: the webhook of SNS is off.',
    item: topics.shape,
    itemError: `must be ${topics.be}`,
    example: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  }),
  ALERT_SEVERITIES: list({
    description:
      'Severities of CloudWatch alarms by their names, in which * stands for any characters: prod-*=critical. The first that fits counts. All others are major.',
    item: severities.shape,
    itemError: `must be ${severities.be}`,
    example: 'prod-*=critical,*-disk=minor',
  }),
} as const;

export const senderSecrets = {
  ALERTMANAGER_TOKEN: { from: 'alerts:alertmanager_token' },
  ALERT_WEBHOOK_SECRET: { from: 'alerts:webhook_secret' },
} as const;

export const senderSettings = {
  alert_topics: settingList({
    description:
      'ARNs of the SNS topics whose CloudWatch alarms are taken. Each needs a subscription of /webhooks/alerts/cloudwatch, which somebody confirms.',
    item: z.string().regex(topics.shape, { error: `must be ${topics.be}` }),
    example: '["arn:aws:sns:eu-west-1:111122223333:alarms"]',
    // They are in the task definition, of which AWS takes 64 kB.
    most: 100,
  }),
  alert_severities: settingList({
    description:
      'Severities of CloudWatch alarms by their names, in which * stands for any characters. The first that fits counts. All others are major.',
    item: z.string().regex(severities.shape, { error: `must be ${severities.be}` }),
    example: '["prod-*=critical", "*-disk=minor"]',
    most: 100,
  }),
} as const;

/** Senders post at most 500 alerts at once. Alertmanager sends a post a group, so many small ones at once. */
const posts = { method: 'POST', auth: 'webhook', rate: 100, mostBytes: 1_048_576 } as const;

export const senderRoutes = {
  // Alertmanager signs nothing: its http_config has a token at most.
  alertmanagerPost: { ...posts, path: '/webhooks/alerts/alertmanager', scheme: 'bearer', secret: 'ALERTMANAGER_TOKEN' },
  cloudwatchPost: { ...posts, path: '/webhooks/alerts/cloudwatch', scheme: 'sns', topics: 'ALERT_TOPICS' },
  genericPost: { ...posts, path: '/webhooks/alerts/generic', secret: 'ALERT_WEBHOOK_SECRET' },
} as const;

export const senderMetrics = {
  AlertPosts: {
    kind: 'counter',
    unit: 'Count',
    description: 'Alerts that were posted, by what became of them.',
    dimensions: ['Outcome'],
  },
  AlertsAppliedAfter: {
    kind: 'histogram',
    unit: 'Milliseconds',
    description: 'From the moment at which a post of alerts was kept to the one at which all of it was applied.',
    dimensions: [],
  },
  AlertInboxAge: {
    kind: 'gauge',
    unit: 'Seconds',
    description: 'Age of the oldest post of alerts that is not applied yet. 0 when all are.',
    dimensions: [],
  },
} as const satisfies Readonly<Record<string, MetricContract>>;

export const senderAlarms = {
  'alert-inbox': {
    metric: 'AlertInboxAge',
    dimensions: {},
    statistic: 'Maximum',
    sounds: 'above',
    threshold: 60,
    // It is measured each minute.
    period: 120,
    periods: 2,
    topic: 'ops',
    meaning:
      'Alerts that were posted over a minute ago are not applied: nobody is told of them. See the jobs apply-alerts on /jobs, and the log.',
  },
} as const;
