/**
 * What the stand-in for AWS cannot make, or makes so that terraform cannot read it back. It is left out where the target
 * is the emulator, and shown by an offline plan instead. docs/emulator.md has the same table.
 */

export interface LeftOut {
  /** Type of a resource that is not made, or `type.attribute` of one that is made otherwise. */
  readonly resource: string;
  readonly what: string;
  readonly reason: string;
  /** Whose offline plan has it. */
  readonly environment: string;
  /** Settings of that environment that differ, where none asks for it. */
  readonly changes?: Readonly<Record<string, unknown>>;
  /** What one planned resource of the type holds. */
  readonly planned: Readonly<Record<string, unknown>>;
}

const marketing = 'examples/marketing/prod';
const startup = 'examples/startup/prod';

export const leftOut: readonly LeftOut[] = [
  {
    resource: 'aws_backup_selection',
    what: 'What a backup plan backs up',
    reason: 'moto knows plans and vaults, but no selections',
    environment: 'prod',
    planned: { name: 'countersign-prod-us-east-1' },
  },
  {
    resource: 'aws_iam_role',
    what: 'The role that takes backups',
    reason: 'only the selection names it',
    environment: 'prod',
    planned: { name: 'countersign-prod-backup-us-east-1' },
  },
  {
    resource: 'aws_iam_role_policy_attachment',
    what: 'What that role may do',
    reason: 'the same',
    environment: 'prod',
    planned: { policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup' },
  },
  {
    resource: 'aws_ce_anomaly_monitor',
    what: 'The watch for unusual costs',
    reason: 'moto’s Cost Explorer has no monitors',
    environment: 'prod',
    planned: { monitor_type: 'DIMENSIONAL', monitor_dimension: 'SERVICE' },
  },
  {
    resource: 'aws_ce_anomaly_subscription',
    what: 'Who is told of unusual costs, from which amount on',
    reason: 'the same',
    environment: 'prod',
    planned: {
      frequency: 'IMMEDIATE',
      threshold_expression: [{ dimension: [{ key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', values: ['50'] }] }],
    },
  },
  {
    resource: 'aws_cloudwatch_composite_alarm',
    what: 'The alarm that sounds when any alarm that clients feel does',
    reason: 'applying one fails on moto',
    environment: 'prod',
    planned: { alarm_name: 'countersign-prod-service-health', actions_enabled: true },
  },
  {
    resource: 'aws_cloudwatch_query_definition',
    what: 'Saved queries of Logs Insights',
    reason: 'moto has no query definitions',
    environment: 'prod',
    planned: { name: 'countersign-prod/refusals', log_group_names: ['/aws/ecs/countersign-prod'] },
  },
  {
    resource: 'aws_xray_group',
    what: 'The group of traces',
    reason: 'moto’s X-Ray has no groups',
    environment: 'prod',
    planned: { group_name: 'countersign-prod-traces', insights_configuration: [{ insights_enabled: true }] },
  },
  {
    resource: 'aws_xray_sampling_rule',
    what: 'Which share of requests is traced',
    reason: 'moto’s X-Ray has no sampling rules',
    environment: 'prod',
    planned: { service_name: 'countersign', fixed_rate: 0.05, reservoir_size: 1 },
  },
  {
    resource: 'aws_cloudfront_function',
    what: 'The function that takes out headers only the platform may send',
    reason: 'moto’s CloudFront has no functions',
    environment: 'prod',
    planned: { name: 'countersign-prod-distribution-viewer-request', runtime: 'cloudfront-js-2.0', publish: true },
  },
  {
    resource: 'aws_cloudfront_distribution.default_cache_behavior',
    what: 'That it runs on every request',
    reason: 'the same',
    environment: 'prod',
    planned: { default_cache_behavior: [{ function_association: [{ event_type: 'viewer-request' }] }] },
  },
  {
    resource: 'aws_cloudfront_distribution.ordered_cache_behavior',
    what: 'That it runs on requests of the REST facade too',
    reason: 'the same',
    environment: startup,
    planned: {
      ordered_cache_behavior: Array.from({ length: 7 }, () => ({
        function_association: [{ event_type: 'viewer-request' }],
      })),
    },
  },
  {
    resource: 'aws_cloudfront_vpc_origin',
    what: 'CloudFront’s way into the VPC, to a private load balancer',
    reason: 'moto’s CloudFront has no VPC origins',
    environment: marketing,
    planned: { vpc_origin_endpoint_config: [{ https_port: 443, origin_protocol_policy: 'https-only' }] },
  },
  {
    resource: 'aws_cloudfront_distribution.origin',
    what: 'That the distribution takes that way',
    reason: 'the same',
    environment: marketing,
    planned: { origin: [{ origin_id: 'api' }, { vpc_origin_config: [{ origin_read_timeout: 60 }] }] },
  },
  {
    resource: 'aws_sesv2_configuration_set',
    what: 'That mail is sent by TLS only, and what becomes of bounces',
    reason: 'applying one fails on moto',
    environment: marketing,
    planned: {
      delivery_options: [{ tls_policy: 'REQUIRE' }],
      suppression_options: [{ suppressed_reasons: ['BOUNCE', 'COMPLAINT'] }],
    },
  },
  {
    resource: 'aws_sesv2_email_identity.configuration_set_name',
    what: 'That mail of the domain is sent so',
    reason: 'the same',
    environment: marketing,
    planned: { email_identity: 'marketing.example.com', configuration_set_name: 'marketing-mcp-mail' },
  },
  {
    resource: 'aws_cloudcontrolapi_resource',
    what: 'The looks of the sign-in page',
    reason: 'moto has no Cloud Control, the provider no other way to make them',
    environment: 'prod',
    planned: { type_name: 'AWS::Cognito::ManagedLoginBranding' },
  },
  {
    resource: 'aws_cognito_identity_pool_roles_attachment',
    what: 'Which role people get from the identity pool',
    reason: 'moto’s identity pools have no roles',
    environment: 'examples/alerts/prod',
    planned: { role_mapping: [] },
  },
  {
    resource: 'aws_lambda_provisioned_concurrency_config',
    what: 'Executions of the function that are kept warm',
    reason: 'moto’s Lambda keeps none',
    environment: startup,
    changes: { lambda_provisioned_concurrency: 5 },
    planned: { provisioned_concurrent_executions: 5, qualifier: 'live' },
  },
];

/** The rows of docs/emulator.md. */
export const leftOutRows = leftOut.map(
  ({ resource, what, reason, environment, changes = {} }) =>
    `| ${what} | \`${resource}\` | ${reason} | ${[environment, ...Object.entries(changes).map(([name, value]) => `${name} = ${value}`)].join(', ')} |`,
);
