/** Logs, alarms, dashboards, messages, budgets, traces, mail. */
import { advised, bytes, cited, dotted, items, text, worded } from './limit.ts';

const logGroup = {
  min: 1,
  max: 512,
  pattern: /^(?!aws\/)[a-zA-Z0-9._/#-]*$/,
  be: 'letters, digits and . _ / # -, not beginning with aws/',
};
const filterName = { min: 1, max: 512, pattern: /^[^:*]*$/, be: 'characters other than : and *' };
const metric = { max: 255, pattern: /^[^:*$]*$/, be: 'characters other than : * and $' };
const alarm = { min: 1, max: 255, pattern: /^[\x20-\x7e]*$/, be: 'ASCII characters' };
const logs = 'AmazonCloudWatchLogs/latest/APIReference';
const cloudWatch = 'AmazonCloudWatch/latest';

export const operationLimits = [
  ...cited(
    `${logs}/API_CreateLogGroup.html`,
    text('aws_cloudwatch_log_group.name', 'the name of a log group', logGroup, 'names.log-group', 'names.api'),
  ),
  ...cited(
    `${logs}/API_PutMetricFilter.html`,
    text('aws_cloudwatch_log_metric_filter.name', 'the name of a metric filter', filterName),
    text('aws_cloudwatch_log_metric_filter.pattern', 'the pattern of a filter', { max: 1024 }),
    text('aws_cloudwatch_log_metric_filter.metric_transformation.name', 'the name of a metric', metric),
    text('aws_cloudwatch_log_metric_filter.metric_transformation.namespace', 'a namespace of metrics', {
      ...metric,
      pattern: /^(?!AWS\/)[^:*$]*$/,
    }),
  ),
  ...cited(
    'AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html',
    items('aws_cloudwatch_log_metric_filter per log_group_name', 'metric filters of a log group', { max: 100 }),
    items('aws_cloudwatch_log_subscription_filter per log_group_name', 'subscriptions of a log group', { max: 2 }),
    bytes('aws_cloudwatch_log_resource_policy.policy_document', 'a policy of log groups', 5120),
    items('aws_cloudwatch_log_resource_policy per ', 'policies of log groups in a region', { max: 10 }),
  ),
  ...cited(
    `${logs}/API_PutSubscriptionFilter.html`,
    text('aws_cloudwatch_log_subscription_filter.name', 'the name of a subscription', filterName),
  ),
  ...cited(
    `${logs}/API_PutQueryDefinition.html`,
    text('aws_cloudwatch_query_definition.name', 'the name of a saved query', { min: 1, max: 255 }),
    text('aws_cloudwatch_query_definition.query_string', 'a saved query', { min: 1, max: 10_000 }),
  ),
  ...cited(
    `${logs}/API_PutDeliverySource.html`,
    text('aws_cloudwatch_log_delivery_source.name', 'the name of a source of logs', { min: 1, max: 60, ...worded }),
  ),
  ...cited(
    `${logs}/API_PutDeliveryDestination.html`,
    text('aws_cloudwatch_log_delivery_destination.name', 'the name of a destination of logs', {
      min: 1,
      max: 60,
      ...worded,
    }),
  ),
  ...cited(
    `${cloudWatch}/APIReference/API_PutMetricAlarm.html`,
    text('aws_cloudwatch_metric_alarm.metric_name', 'the name of a metric', { min: 1, max: 255 }),
    text('aws_cloudwatch_metric_alarm.namespace', 'a namespace of metrics', { min: 1, max: 255 }, 'project_name'),
    text('aws_cloudwatch_metric_alarm.alarm_name', 'the name of an alarm', alarm),
    text('aws_cloudwatch_metric_alarm.alarm_description', 'the description of an alarm', { max: 1024 }),
    items('aws_cloudwatch_metric_alarm.alarm_actions', 'actions of an alarm', { max: 5 }),
    items('aws_cloudwatch_metric_alarm.ok_actions', 'actions of an alarm', { max: 5 }),
    items('aws_cloudwatch_metric_alarm.dimensions.*', 'dimensions of an alarm', { max: 30 }),
    text('aws_cloudwatch_metric_alarm.metric_query.expression', 'an expression of metrics', { min: 1, max: 2048 }),
  ),
  ...cited(
    `${cloudWatch}/APIReference/API_PutCompositeAlarm.html`,
    text('aws_cloudwatch_composite_alarm.alarm_name', 'the name of an alarm', alarm),
    text('aws_cloudwatch_composite_alarm.alarm_description', 'the description of an alarm', { max: 1024 }),
    advised(
      'Watch fewer queues in one environment.',
      text(
        'aws_cloudwatch_composite_alarm.alarm_rule',
        'the rule of an alarm of alarms',
        { min: 1, max: 10_240 },
        'queues',
      ),
    ),
  ),
  ...cited(
    `${cloudWatch}/APIReference/API_PutDashboard.html`,
    text(
      'aws_cloudwatch_dashboard.dashboard_name',
      'the name of a dashboard',
      { min: 1, max: 255, ...worded },
      'names.dashboard',
    ),
  ),
  ...cited(
    `${cloudWatch}/monitoring/cloudwatch_limits.html`,
    items('aws_cloudwatch_dashboard.dashboard_body.widgets', 'widgets of a dashboard', { max: 500 }, 'queues'),
    items(
      'aws_cloudwatch_dashboard.dashboard_body.widgets.properties.metrics',
      'metrics of a widget',
      { max: 500 },
      'queues',
    ),
  ),
  ...cited(
    'eventbridge/latest/APIReference/API_PutRule.html',
    text('aws_cloudwatch_event_rule.name', 'the name of a rule of events', { min: 1, max: 64, ...dotted }),
    text('aws_cloudwatch_event_rule.description', 'the description of a rule of events', { max: 512 }),
  ),
  ...cited(
    'eventbridge/latest/userguide/eb-quota.html',
    text('aws_cloudwatch_event_rule.event_pattern', 'the pattern of a rule of events', { max: 2048 }),
    items('aws_cloudwatch_event_target per rule', 'targets of a rule of events', { max: 5 }),
  ),
  ...cited(
    'eventbridge/latest/APIReference/API_Target.html',
    text('aws_cloudwatch_event_target.target_id', 'the name of a target', { min: 1, max: 64, ...dotted }),
  ),
  ...cited(
    'eventbridge/latest/APIReference/API_InputTransformer.html',
    text('aws_cloudwatch_event_target.input_transformer.input_template', 'the text of a message', {
      min: 1,
      max: 8192,
    }),
    items('aws_cloudwatch_event_target.input_transformer.input_paths.*', 'parts of an event', { max: 100 }),
  ),
  ...cited(
    'sns/latest/api/API_CreateTopic.html',
    text('aws_sns_topic.name', 'the name of a topic', {
      min: 1,
      max: 256,
      pattern: /^[a-zA-Z0-9_-]*(\.fifo)?$/,
      be: 'letters, digits, _ and -',
    }),
  ),
  ...cited(
    'general/latest/gr/sns.html',
    bytes('aws_sns_topic_policy.policy', 'the policy of a topic', 30_720),
    items(
      'aws_sns_topic_subscription per topic_arn',
      'subscribers of a topic',
      { max: 12_500_000 },
      'ops_emails',
      'security_emails',
      'admin_emails',
    ),
  ),
  ...cited(
    'aws-cost-management/latest/APIReference/API_budgets_Budget.html',
    text('aws_budgets_budget.name', 'the name of a budget', {
      min: 1,
      max: 100,
      pattern: /^[^:\\]*$/,
      be: 'characters other than : and \\',
    }),
  ),
  ...cited(
    'aws-cost-management/latest/APIReference/API_budgets_Notification.html',
    items(
      'aws_budgets_budget.notification',
      'notifications of a budget, one of them the forecast',
      { max: 10 },
      'budget_alert_percents',
    ),
    items(
      'aws_budgets_budget.notification.subscriber_email_addresses',
      'mail addresses of a notification',
      { max: 10 },
      'admin_emails',
    ),
  ),
  ...cited(
    'aws-cost-management/latest/APIReference/API_AnomalyMonitor.html',
    text('aws_ce_anomaly_monitor.name', 'the name of a monitor of costs', { max: 1024 }),
  ),
  ...cited(
    'aws-cost-management/latest/APIReference/API_AnomalySubscription.html',
    text('aws_ce_anomaly_subscription.name', 'the name of a subscription to costs', { max: 1024 }),
  ),
  ...cited(
    'awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html',
    text('aws_cloudtrail.name', 'the name of a trail', {
      min: 3,
      max: 128,
      pattern: /^[a-zA-Z0-9](?:[._-]?[a-zA-Z0-9])*$/,
      be: 'letters and digits, with single . _ or - between them',
    }),
  ),
  ...cited(
    'xray/latest/api/API_CreateGroup.html',
    text('aws_xray_group.group_name', 'the name of a group of traces', { min: 1, max: 32 }),
  ),
  ...cited(
    'xray/latest/api/API_SamplingRule.html',
    text('aws_xray_sampling_rule.rule_name', 'the name of a rule of traces', { min: 1, max: 32 }),
    text('aws_xray_sampling_rule.service_name', 'the name of a service in traces', { max: 64 }),
  ),
  ...cited(
    'ses/latest/APIReference-V2/API_CreateConfigurationSet.html',
    text('aws_sesv2_configuration_set.configuration_set_name', 'the name of a configuration of mail', {
      min: 1,
      max: 64,
      ...worded,
    }),
  ),
  ...cited(
    'ses/latest/APIReference-V2/API_CreateEmailIdentity.html',
    text('aws_sesv2_email_identity.email_identity', 'a domain that sends mail', { min: 1, max: 320 }, 'mail_domain'),
  ),
];
