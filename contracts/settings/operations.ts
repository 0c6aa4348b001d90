/** Settings: logs, alarms, dashboards, threats, mail and money. */
import { z } from 'zod';
import { mostAt } from '../limits/index.ts';
import {
  choice,
  defaultText,
  email,
  flag,
  hostName,
  httpsUrl,
  integer,
  list,
  optionalFlag,
  optionalInteger,
  optionalText,
  setting,
} from './setting.ts';

const retention = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;
const addresses = (description: string) => list({ description, item: email, example: '["ops@example.com"]' });
const webhooks = (description: string) =>
  list({ description, item: httpsUrl, example: '["https://events.paging.example.com/integration/.../enqueue"]' });

export const operations = {
  log_level: optionalText({
    description: 'Least severe log line. Default: debug in dev, info elsewhere.',
    pattern: /^(trace|debug|info|warn|error|fatal)$/,
    be: 'trace, debug, info, warn, error or fatal',
    example: '"info"',
  }),
  log_retention_days: setting(
    z.literal([...retention], { error: `must be one of ${retention.join(', ')}` }).default(30),
    { description: 'Days CloudWatch keeps logs.', unit: 'days', example: '30' },
  ),
  log_archive: optionalFlag({ description: 'Logs also go to the audit archive in S3. Default: true in prod.' }),
  container_log_format: choice({
    description:
      'With container custom: json if its log is lines of JSON with the fields status, ip, tool, outcome, code and userId, from which alarms on refused sign-ins and accounts, safety limits and budget changes, and the widgets on tools and people are made. Countersign writes them always.',
    values: ['text', 'json'],
    default: 'text',
  }),
  log_stream_prefix: defaultText({
    description: 'Prefix of the container’s log streams.',
    pattern: /^[\w.-]{1,100}$/,
    be: 'letters, digits and _ . -',
    default: 'ecs',
  }),
  container_insights: flag({ description: 'Container Insights of the cluster. No alarm needs it.', default: true }),
  xray: flag({
    description: 'Traces to AWS X-Ray, through a collector beside the service. No alarm needs them.',
    default: false,
  }),
  dashboard: flag({ description: 'A CloudWatch dashboard. Alarms stay without it.', default: true }),
  ops_emails: addresses('Who is told of errors, latency and capacity.'),
  ops_webhooks: webhooks('HTTPS endpoints told of the same, such as PagerDuty’s or Slack’s.'),
  security_emails: addresses('Who is told of refused sign-ins, refused accounts and threats.'),
  security_webhooks: webhooks('HTTPS endpoints told of the same.'),
  admin_emails: addresses('Who is told of unusual changes and of costs.'),
  admin_webhooks: webhooks('HTTPS endpoints told of the same.'),
  alarm_errors: integer({
    description: 'Answers 5xx in 5 minutes above which an alarm sounds.',
    unit: 'in 5 minutes',
    default: 10,
    min: 1,
    max: 1_000_000,
  }),
  alarm_errors_periods: integer({
    description: 'Periods of 5 minutes in a row it must last.',
    unit: 'periods',
    default: 1,
    min: 1,
    max: 24,
  }),
  alarm_error_percent: optionalInteger({
    description: 'Share of 5xx above which an alarm sounds. Default: none.',
    unit: '%',
    min: 1,
    max: 100,
  }),
  alarm_p99_ms: optionalInteger({
    description: 'p99 of the response time above which an alarm sounds. Default: 5000.',
    unit: 'milliseconds',
    min: 1,
    max: 60_000,
  }),
  alarm_p95_ms: optionalInteger({
    description: 'p95 of the response time above which an alarm sounds. Default: none.',
    unit: 'milliseconds',
    min: 1,
    max: 60_000,
  }),
  alarm_cpu_percent: integer({
    description: 'CPU of the service, 5-minute average twice in a row.',
    unit: '%',
    default: 85,
    min: 1,
    max: 100,
  }),
  alarm_memory_percent: integer({
    description: 'Memory of the service, 5-minute average twice in a row.',
    unit: '%',
    default: 85,
    min: 1,
    max: 100,
  }),
  alarm_healthy_hosts: optionalInteger({
    description:
      'Healthy targets below which an alarm sounds. Default: the least number of tasks. With blue_green, weekend_only or scale_schedules the alarm follows the count that ECS is asked for, which Container Insights tells, and this is how many are enough of a larger count.',
    unit: 'targets',
    min: 1,
    max: 500,
  }),
  alarm_db_connections: integer({
    description: 'Connections of the database, 5-minute average. A db.t4g.micro allows some 80 to 110.',
    unit: 'connections',
    default: 80,
    min: 1,
    max: 10_000,
  }),
  alarm_auth_failures: integer({
    description: 'Answers 401 in an hour.',
    unit: 'in an hour',
    default: 100,
    min: 1,
    max: 1_000_000,
  }),
  alarm_account_refusals: integer({
    description: 'ACCOUNT_NOT_AUTHORIZED errors in an hour.',
    unit: 'in an hour',
    default: 10,
    min: 1,
    max: 1_000_000,
  }),
  alarm_budget_changes: integer({
    description: 'update_budget calls in an hour.',
    unit: 'in an hour',
    default: 50,
    min: 1,
    max: 1_000_000,
  }),
  alarm_safety_limits: integer({
    description: 'SAFETY_LIMIT_EXCEEDED errors in an hour.',
    unit: 'in an hour',
    default: 5,
    min: 1,
    max: 1_000_000,
  }),
  control_reasons: setting(
    z
      .record(
        z.string().regex(/^[A-Za-z0-9]+\.\d+$/, { error: 'must be the id of a control such as RDS.5' }),
        z.string().min(20, { error: 'must be a reason in whole sentences' }),
      )
      .default({}),
    {
      description:
        'Why a control of AWS’s Foundational Security Best Practices may fail in prod, by its id. One that fails without a reason, here or in docs/controls.md, is refused.',
      example: '{ "RDS.5" = "One zone is enough: the service may stand still for an hour." }',
    },
  ),
  guardduty: optionalFlag({
    description:
      'Threat detection with GuardDuty: makes the detector, of which an account and region has one. False where the organization or another environment made it; guardduty_findings still tells what it finds. Default: true in prod.',
  }),
  guardduty_findings: optionalFlag({
    description:
      'The security topic is told of GuardDuty’s findings of medium severity and above, whoever made the detector. Default: true in prod, and with guardduty.',
  }),
  cloudtrail: optionalFlag({
    description:
      'A trail of the account’s API calls, to S3 and CloudWatch Logs. False where the organization or another environment has one: AWS charges for the second trail of an account. Default: true in prod.',
  }),
  budget_usd: optionalInteger({
    description: 'Monthly budget. Unusual spending is watched apart: cost_anomaly_usd. Default: none.',
    unit: 'USD a month',
    min: 1,
    max: 1_000_000,
  }),
  budget_scope: choice({
    description:
      'account: all costs of the account count. environment: those tagged with its Project and Environment, where several share an account; both tags must be activated as cost allocation tags first, or nothing counts and nobody is told.',
    values: ['account', 'environment'],
    default: 'account',
  }),
  budget_alert_percents: list({
    description: 'Shares of the budget at which the admins are told; also when 100 % is forecast.',
    item: z.int().min(1).max(1000),
    default: [80, 100],
    // One more tells of the forecast.
    most: mostAt('aws_budgets_budget.notification') - 1,
  }),
  cost_anomaly_usd: optionalInteger({
    description:
      'Unusual spending above which the admins are told; one environment an account can watch it. AWS allows one monitor of services an account, and makes one itself where Cost Explorer is in use: delete Default-Services-Monitor first. Default: off.',
    unit: 'USD',
    min: 1,
    max: 100_000,
  }),
  mail_domain: optionalText({
    description: 'Domain that mail is sent from, an SES identity with DKIM. Default: no mail.',
    pattern: hostName,
    be: 'a domain such as example.com',
    example: '"example.com"',
  }),
  mail_from: optionalText({
    description: 'Sender. Default: no-reply@mail_domain.',
    pattern: /^[^@\s]+@[^@\s]+$/,
    be: 'a mail address',
    example: '"mcp@example.com"',
  }),
  notices: flag({
    description:
      'People are told by mail, where there is a mail_domain, and in channels what waits for them and what became of it. false keeps the mail_domain for something else: the service is given no sender and may send no mail.',
    default: true,
  }),
  usual_notices: choice({
    description:
      'What people are told who chose nothing. fewer: admins get a summary a day. every-change: admins are told of each applied change besides, and whoever may countersign gets a summary each hour.',
    values: ['fewer', 'every-change'],
    default: 'fewer',
  }),
  notice_channels: flag({
    description:
      'Channels that several people read (Slack, Teams, signed webhooks) are told of changes too. Which, and of what, is JSON in the key channels of the secret notices, because their URLs are keys: see NOTICE_CHANNELS. Fill it before the containers start.',
    default: false,
  }),
} as const;
