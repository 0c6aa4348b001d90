import { stacksOf } from '../../../proof/platform/synth.ts';
import { type Block, repository, settingsOf } from '../../testing/synthesized.ts';
import { environmentNames } from '../../tfvars/read.ts';
import { breachesOf } from '../policies.ts';
import { type StackView, viewOf } from '../view.ts';
import { controls } from './controls.ts';
import { judge } from './judgement.ts';
import { outsideControls, unusedKinds } from './outside.ts';
import { controlReasons } from './reasons.ts';
import { controlSettings } from './settings.ts';

type Tree = Record<string, Record<string, Block>>;
interface Stack {
  readonly resource?: Tree;
  readonly data?: Tree;
}

const names = await environmentNames(repository);
const environments = new Map(
  await Promise.all(
    names.map(async (name) => {
      const [settings] = await settingsOf(name);
      const stacks = [...(await stacksOf(name)).values()].map(({ json }) => JSON.parse(json) as Stack);
      return [name, { settings, stacks }] as const;
    }),
  ),
);

const environmentOf = (name: string) => {
  const found = environments.get(name);
  if (found?.settings === undefined) throw new Error(`no environment ${name}`);
  return { settings: found.settings, stacks: found.stacks };
};
const viewsOf = (name: string, change = (stack: Stack): Stack => stack, own = true): StackView[] => {
  const { settings, stacks } = environmentOf(name);
  const controlReasons = own ? settings.control_reasons : {};
  return stacks.map((stack) => viewOf(change(stack), true, { controlReasons }));
};
const controlOf = (id: string) => {
  const found = controls.find((control) => control.id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
};

/** A stack with every resource of a type changed; without them where there is no change. */
const changed =
  (type: string, patch: Block | undefined) =>
  (stack: Stack): Stack => {
    const { [type]: found, ...others } = stack.resource ?? {};
    if (found === undefined) return stack;
    if (patch === undefined) return { ...stack, resource: others };
    const blocks = Object.entries(found).map(([name, block]) => [name, { ...block, ...patch }]);
    return { ...stack, resource: { ...others, [type]: Object.fromEntries(blocks) } };
  };
/** A stack with one resource more. */
const with_ =
  (type: string, block: Block) =>
  (stack: Stack): Stack => ({
    ...stack,
    resource: { ...stack.resource, [type]: { ...stack.resource?.[type], more: block } },
  });
const statement =
  (type: string, fields: Block) =>
  (stack: Stack): Stack => ({
    resource: {
      ...stack.resource,
      [type]: { more: { policy: '${data.aws_iam_policy_document.more.json}', ...fields } },
    },
    data: { ...stack.data, aws_iam_policy_document: { ...stack.data?.aws_iam_policy_document, more: fields } },
  });

const container = (fields: Block) => ({
  container_definitions: JSON.stringify([
    { user: '1000', readonlyRootFilesystem: true, logConfiguration: { logDriver: 'awslogs' }, ...fields },
  ]),
});
const ports = (from_port: number, to_port: number) => ({ cidr_ipv4: '0.0.0.0/0', from_port, to_port });
const vpc = '${aws_vpc.vpc.id}';
const endpoint = (service: string) =>
  with_('aws_vpc_endpoint', { vpc_id: vpc, service_name: `com.amazonaws.us-east-1.${service}` });
const runtime = (...agents: string[]) =>
  with_('aws_guardduty_detector_feature', {
    name: 'RUNTIME_MONITORING',
    status: 'ENABLED',
    additional_configuration: agents.map((name) => ({ name, status: 'ENABLED' })),
  });
const without = (name: string) => with_('aws_guardduty_detector_feature', { name, status: 'DISABLED' });
const everyone = { statement: [{ actions: ['kms:Decrypt'], resources: ['*'], principals: [{ identifiers: ['*'] }] }] };

const marketing = 'examples/marketing/prod';
const instances = 'examples/startup/staging';
const tagging = 'examples/tag-governance/prod';
const alerts = 'examples/alerts/prod';
const repositoryOf =
  (name: string) =>
  (stack: Stack): Stack =>
    with_('aws_ecr_repository', { name, image_scanning_configuration: { scan_on_push: false } })(stack);

const everyTableLeadsOut = (stack: Stack): Stack => {
  const tables = Object.keys(stack.resource?.aws_route_table ?? {});
  const routes = tables.map((name) => [name, { gateway_id: 'igw', route_table_id: `\${aws_route_table.${name}.id}` }]);
  return { ...stack, resource: { ...stack.resource, aws_route: Object.fromEntries(routes) } };
};
const openQueue = (stack: Stack): Stack =>
  statement('aws_sqs_queue_policy', { queue_url: '${aws_sqs_queue.more.id}', ...everyone })(
    with_('aws_sqs_queue', { sqs_managed_sse_enabled: true })(stack),
  );

type Change = (stack: Stack) => Stack;
/** A control, an environment that passes it, and a change that makes it fail. */
const breaking: readonly (readonly [id: string, environment: string, change: Change])[] = [
  ['ACM.2', 'prod', changed('aws_acm_certificate', { key_algorithm: 'RSA_1024' })],
  ['APIGateway.9', 'prod', changed('aws_apigatewayv2_stage', { access_log_settings: undefined })],
  ['APIGateway.10', 'prod', changed('aws_apigatewayv2_integration', { tls_config: undefined })],
  [
    'AutoScaling.1',
    instances,
    changed('aws_autoscaling_group', { target_group_arns: ['a'], health_check_type: 'EC2' }),
  ],
  ['AutoScaling.2', instances, changed('aws_autoscaling_group', { vpc_zone_identifier: ['a'] })],
  ['AutoScaling.9', instances, changed('aws_autoscaling_group', { launch_configuration: 'a' })],
  [
    'CloudFront.3',
    'prod',
    changed('aws_cloudfront_distribution', { default_cache_behavior: { viewer_protocol_policy: 'allow-all' } }),
  ],
  ['CloudFront.6', 'prod', changed('aws_cloudfront_distribution', { web_acl_id: undefined })],
  ['CloudFront.7', 'prod', changed('aws_cloudfront_distribution', { viewer_certificate: {} })],
  [
    'CloudFront.8',
    'prod',
    changed('aws_cloudfront_distribution', {
      viewer_certificate: { acm_certificate_arn: 'a', ssl_support_method: 'vip' },
    }),
  ],
  [
    'CloudFront.9',
    'prod',
    changed('aws_cloudfront_distribution', {
      origin: [{ custom_origin_config: { origin_protocol_policy: 'http-only' } }],
    }),
  ],
  [
    'CloudFront.10',
    'prod',
    changed('aws_cloudfront_distribution', { origin: [{ custom_origin_config: { origin_ssl_protocols: ['SSLv3'] } }] }),
  ],
  [
    'CloudFront.15',
    'prod',
    changed('aws_cloudfront_distribution', {
      viewer_certificate: { acm_certificate_arn: 'a', minimum_protocol_version: 'TLSv1.1_2016' },
    }),
  ],
  ['CloudTrail.1', 'prod', changed('aws_cloudtrail', { is_multi_region_trail: false })],
  ['CloudTrail.1', 'prod', changed('aws_cloudtrail', undefined)],
  ['CloudTrail.2', 'prod', changed('aws_cloudtrail', { kms_key_id: undefined })],
  ['CloudTrail.4', 'prod', changed('aws_cloudtrail', { enable_log_file_validation: false })],
  ['CloudTrail.5', 'prod', changed('aws_cloudtrail', { cloud_watch_logs_group_arn: undefined })],
  ['Cognito.2', alerts, changed('aws_cognito_identity_pool', { allow_unauthenticated_identities: true })],
  ['Cognito.3', 'prod', changed('aws_cognito_user_pool', { password_policy: { minimum_length: 8 } })],
  [
    'Cognito.4',
    'prod',
    changed('aws_cognito_user_pool', { user_pool_add_ons: { advanced_security_mode: 'ENFORCED' } }),
  ],
  ['Cognito.5', 'prod', changed('aws_cognito_user_pool', { mfa_configuration: 'OPTIONAL' })],
  ['Cognito.6', 'prod', changed('aws_cognito_user_pool', { deletion_protection: 'INACTIVE' })],
  ['DataFirehose.1', 'prod', changed('aws_kinesis_firehose_delivery_stream', { server_side_encryption: undefined })],
  ['DynamoDB.1', marketing, changed('aws_dynamodb_table', { billing_mode: 'PROVISIONED' })],
  ['DynamoDB.6', marketing, changed('aws_dynamodb_table', { deletion_protection_enabled: false })],
  ['EC2.2', 'prod', changed('aws_default_security_group', { ingress: [{}] })],
  ['EC2.2', 'prod', changed('aws_default_security_group', undefined)],
  ['EC2.3', instances, changed('aws_launch_template', { block_device_mappings: [{ ebs: { encrypted: 'false' } }] })],
  ['EC2.6', 'prod', changed('aws_flow_log', undefined)],
  ['EC2.8', instances, changed('aws_launch_template', { metadata_options: { http_tokens: 'optional' } })],
  ['EC2.9', 'prod', with_('aws_launch_template', { network_interfaces: [{ associate_public_ip_address: 'true' }] })],
  ['EC2.15', 'prod', changed('aws_subnet', { map_public_ip_on_launch: true })],
  ['EC2.16', 'prod', changed('aws_network_acl', { subnet_ids: [] })],
  ['EC2.17', instances, changed('aws_launch_template', { network_interfaces: [{}, {}] })],
  ['EC2.18', tagging, with_('aws_vpc_security_group_ingress_rule', ports(8443, 8443))],
  ['EC2.19', tagging, with_('aws_vpc_security_group_ingress_rule', ports(20, 30))],
  [
    'EC2.21',
    'prod',
    changed('aws_network_acl', {
      ingress: [{ protocol: 'tcp', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 1024, rule_no: 1, action: 'allow' }],
    }),
  ],
  ['EC2.24', instances, changed('aws_launch_template', { instance_type: 'm1.small' })],
  ['EC2.25', 'prod', with_('aws_launch_template', { network_interfaces: [{ associate_public_ip_address: true }] })],
  ['EC2.170', instances, changed('aws_launch_template', { metadata_options: {} })],
  ['EC2.181', instances, changed('aws_launch_template', { block_device_mappings: [{ ebs: {} }] })],
  ['ECR.1', 'prod', repositoryOf('a')],
  ['ECR.2', 'prod', repositoryOf('a')],
  ['ECR.3', 'prod', repositoryOf('a')],
  ['ECS.2', 'prod', changed('aws_ecs_service', { network_configuration: { assign_public_ip: true } })],
  ['ECS.3', 'prod', changed('aws_ecs_task_definition', { pid_mode: 'host' })],
  ['ECS.4', 'prod', changed('aws_ecs_task_definition', container({ privileged: true }))],
  ['ECS.5', 'prod', changed('aws_ecs_task_definition', container({ readonlyRootFilesystem: false }))],
  ['ECS.8', 'prod', changed('aws_ecs_task_definition', container({ environment: [{ name: 'AWS_ACCESS_KEY_ID' }] }))],
  ['ECS.9', 'prod', changed('aws_ecs_task_definition', container({ logConfiguration: undefined }))],
  ['ECS.10', 'prod', changed('aws_ecs_service', { platform_version: '1.3.0' })],
  ['ECS.12', 'prod', changed('aws_ecs_cluster', { setting: [] })],
  ['ECS.20', 'prod', changed('aws_ecs_task_definition', container({ user: '0:0' }))],
  ['ECS.20', 'prod', changed('aws_ecs_task_definition', container({ user: undefined }))],
  ['ElastiCache.1', 'prod', changed('aws_elasticache_replication_group', { snapshot_retention_limit: 0 })],
  ['ElastiCache.2', 'prod', changed('aws_elasticache_replication_group', { auto_minor_version_upgrade: 'false' })],
  ['ElastiCache.3', 'prod', changed('aws_elasticache_replication_group', { automatic_failover_enabled: false })],
  ['ElastiCache.4', 'prod', changed('aws_elasticache_replication_group', { at_rest_encryption_enabled: 'false' })],
  ['ElastiCache.5', 'prod', changed('aws_elasticache_replication_group', { transit_encryption_enabled: false })],
  ['ElastiCache.7', 'prod', changed('aws_elasticache_replication_group', { subnet_group_name: undefined })],
  ['ELB.1', tagging, changed('aws_lb_listener', { protocol: 'HTTP', default_action: [{ type: 'forward' }] })],
  ['ELB.4', 'prod', changed('aws_lb', { drop_invalid_header_fields: false })],
  ['ELB.5', 'prod', changed('aws_lb', { access_logs: undefined })],
  ['ELB.6', 'prod', changed('aws_lb', { enable_deletion_protection: false })],
  ['ELB.12', 'prod', changed('aws_lb', { desync_mitigation_mode: 'monitor' })],
  ['ELB.13', 'prod', changed('aws_lb', { subnets: ['a'] })],
  ['ELB.17', 'prod', changed('aws_lb_listener', { ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' })],
  ['GuardDuty.1', 'prod', changed('aws_guardduty_detector', undefined)],
  ['GuardDuty.5', 'prod', without('EKS_AUDIT_LOGS')],
  ['GuardDuty.6', 'prod', without('LAMBDA_NETWORK_LOGS')],
  ['GuardDuty.8', 'prod', without('EBS_MALWARE_PROTECTION')],
  ['GuardDuty.9', 'prod', without('RDS_LOGIN_EVENTS')],
  ['GuardDuty.10', 'prod', without('S3_DATA_EVENTS')],
  ['IAM.1', 'prod', statement('aws_iam_policy', { statement: [{ actions: ['*'], resources: ['*'] }] })],
  ['KMS.2', 'prod', statement('aws_iam_role_policy', { statement: [{ actions: ['kms:Decrypt'], resources: ['*'] }] })],
  ['KMS.5', 'prod', statement('aws_kms_key', everyone)],
  ['Lambda.1', 'prod', changed('aws_lambda_permission', { principal: '*' })],
  ['Lambda.2', 'prod', changed('aws_lambda_function', { runtime: 'nodejs16.x' })],
  ['Lambda.5', 'prod', changed('aws_lambda_function', { vpc_config: { subnet_ids: ['a'] } })],
  ['RDS.2', 'prod', changed('aws_db_instance', { publicly_accessible: true })],
  ['RDS.3', 'prod', changed('aws_db_instance', { storage_encrypted: false })],
  ['RDS.5', 'prod', changed('aws_db_instance', { multi_az: false })],
  ['RDS.6', 'prod', changed('aws_db_instance', { monitoring_interval: 0 })],
  ['RDS.8', 'prod', changed('aws_db_instance', { deletion_protection: false })],
  ['RDS.9', 'prod', changed('aws_db_instance', { enabled_cloudwatch_logs_exports: [] })],
  ['RDS.10', 'prod', changed('aws_db_instance', { iam_database_authentication_enabled: false })],
  ['RDS.11', 'prod', changed('aws_db_instance', { backup_retention_period: 1 })],
  ['RDS.13', 'prod', changed('aws_db_instance', { auto_minor_version_upgrade: false })],
  ['RDS.17', 'prod', changed('aws_db_instance', { copy_tags_to_snapshot: false })],
  ['RDS.20', 'prod', changed('aws_db_event_subscription', { source_type: 'db-snapshot' })],
  ['RDS.20', 'prod', changed('aws_db_event_subscription', { event_categories: ['failure'] })],
  ['RDS.21', 'prod', changed('aws_db_event_subscription', undefined)],
  ['RDS.22', 'prod', changed('aws_db_event_subscription', { enabled: false })],
  ['RDS.25', 'prod', changed('aws_db_instance', { username: 'postgres' })],
  ['RDS.36', 'prod', changed('aws_db_instance', { enabled_cloudwatch_logs_exports: ['upgrade'] })],
  ['RDS.46', 'prod', everyTableLeadsOut],
  ['Route53.2', 'prod', with_('aws_route53_zone', { name: 'example.com' })],
  ['S3.2', 'prod', changed('aws_s3_bucket_public_access_block', { block_public_policy: false })],
  ['S3.3', 'prod', changed('aws_s3_bucket_public_access_block', { block_public_acls: false })],
  ['S3.5', 'prod', changed('aws_s3_bucket_policy', undefined)],
  [
    'S3.6',
    'prod',
    statement('aws_s3_bucket_policy', {
      bucket: '${aws_s3_bucket.bucket_logs.id}',
      statement: [{ actions: ['s3:*'], principals: [{ identifiers: ['arn:aws:iam::444455556666:root'] }] }],
    }),
  ],
  ['S3.8', 'prod', changed('aws_s3_bucket_public_access_block', undefined)],
  ['S3.12', 'prod', changed('aws_s3_bucket_ownership_controls', { rule: { object_ownership: 'ObjectWriter' } })],
  ['S3.13', 'prod', changed('aws_s3_bucket_lifecycle_configuration', undefined)],
  ['SES.3', marketing, changed('aws_sesv2_configuration_set', { delivery_options: { tls_policy: 'OPTIONAL' } })],
  [
    'SNS.4',
    'prod',
    statement('aws_sns_topic_policy', {
      arn: '${aws_sns_topic.monitoring_audiences_ops_topic_A12C8037.arn}',
      ...everyone,
    }),
  ],
  ['SQS.1', 'prod', with_('aws_sqs_queue', {})],
  ['SQS.3', 'prod', openQueue],
  ['WAF.10', 'prod', changed('aws_wafv2_web_acl', { rule: [] })],
  [
    'WAF.12',
    'prod',
    changed('aws_wafv2_web_acl', { rule: [{ visibility_config: { cloudwatch_metrics_enabled: false } }] }),
  ],
];

/** A control that fails with a reason, and a change after which it passes. */
const mending: readonly (readonly [id: string, environment: string, change: Change])[] = [
  ['APIGateway.8', 'prod', changed('aws_apigatewayv2_route', { authorization_type: 'JWT' })],
  [
    'APIGateway.11',
    'prod',
    changed('aws_apigatewayv2_domain_name', {
      domain_name_configuration: { security_policy: 'SecurityPolicy_TLS13_1_3_2025_09' },
    }),
  ],
  [
    'AutoScaling.6',
    instances,
    changed('aws_autoscaling_group', { mixed_instances_policy: { launch_template: { override: [{}, {}] } } }),
  ],
  ['CloudFront.4', 'prod', changed('aws_cloudfront_distribution', { origin_group: [{ member: [{}, {}] }] })],
  ['CloudFront.5', 'prod', changed('aws_cloudfront_distribution', { logging_config: { bucket: 'b' } })],
  ['DynamoDB.2', marketing, changed('aws_dynamodb_table', { point_in_time_recovery: { enabled: true } })],
  ['EC2.10', 'prod', endpoint('ec2')],
  ['EC2.55', marketing, endpoint('ecr.api')],
  ['EC2.56', marketing, endpoint('ecr.dkr')],
  ['EC2.57', 'prod', endpoint('ssm')],
  ['EC2.58', 'prod', endpoint('ssm-contacts')],
  ['EC2.60', 'prod', endpoint('ssm-incidents')],
  ['EC2.172', 'prod', with_('aws_vpc_block_public_access_options', { internet_gateway_block_mode: 'block-ingress' })],
  ['ELB.18', tagging, changed('aws_lb_listener', { protocol: 'HTTPS' })],
  ['ELB.21', 'prod', changed('aws_lb_target_group', { health_check: { protocol: 'HTTPS' } })],
  ['ELB.22', 'prod', changed('aws_lb_target_group', { protocol: 'HTTPS' })],
  ['GuardDuty.7', 'prod', runtime('EKS_ADDON_MANAGEMENT')],
  ['GuardDuty.11', 'prod', runtime()],
  ['GuardDuty.12', 'prod', runtime('ECS_FARGATE_AGENT_MANAGEMENT')],
  ['GuardDuty.13', 'prod', runtime('EC2_AGENT_MANAGEMENT')],
  ['IAM.21', 'prod', changed('aws_iam_policy', undefined)],
  ['KMS.1', 'prod', changed('aws_iam_policy', undefined)],
  ['RDS.23', 'prod', changed('aws_db_instance', { port: 5433 })],
  ['S3.9', 'prod', (stack) => with_('aws_s3_bucket_logging', { bucket: '${aws_s3_bucket.bucket_logs.id}' })(stack)],
  ['SecretsManager.1', 'prod', changed('aws_secretsmanager_secret', undefined)],
  ['SecretsManager.4', 'prod', changed('aws_secretsmanager_secret', undefined)],
];

describe('a control', () => {
  it.each(breaking)('%s fails where it should, in %s', (id, environment, change) => {
    const control = controlOf(id);
    expect(['passes', 'absent']).toContain(judge(control, viewsOf(environment)).outcome);
    const judged = judge(control, viewsOf(environment, change));
    expect(judged.outcome).toBe('fails');
    expect(judged.failing.length).toBeGreaterThan(0);
  });

  it.each(mending)('%s passes where it should, in %s', (id, environment, change) => {
    const control = controlOf(id);
    expect(judge(control, viewsOf(environment)).outcome).toBe('excused');
    expect(['passes', 'absent']).toContain(judge(control, viewsOf(environment, change)).outcome);
  });

  it('is tried above, and has an id of its own', () => {
    const tried = new Set([...breaking, ...mending].map(([id]) => id));
    const ids = controls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !tried.has(id))).toEqual([]);
  });
});

describe('in prod', () => {
  const prods = names.filter((name) => environmentOf(name).settings.kind === 'prod');

  it.each(prods)('%s passes every control, or has a reason', (name) => {
    const views = viewsOf(name);
    const open = controls.filter((control) => judge(control, views).outcome === 'fails').map(({ id }) => id);
    expect(open).toEqual([]);
  });

  it.each(names)('%s gives no reason for what passes', (name) => {
    const views = viewsOf(name, undefined, false);
    const own = Object.keys(environmentOf(name).settings.control_reasons);
    expect(own.filter((id) => judge(controlOf(id), views).outcome !== 'fails')).toEqual([]);
  });

  it('no reason of the platform is needless', () => {
    const failing = (id: string) => names.some((name) => judge(controlOf(id), viewsOf(name)).failing.length > 0);
    expect(Object.keys(controlReasons).filter((id) => !failing(id))).toEqual([]);
  });

  it('a failing control is a breach that says what to do, until there is a reason', () => {
    const { stacks } = environmentOf('prod');
    const breaches = (own: Record<string, string>) =>
      stacks.flatMap((stack) =>
        breachesOf(changed('aws_db_instance', { multi_az: false })(stack), true, { controlReasons: own }),
      );
    expect(breaches({})).toEqual([
      expect.stringMatching(
        /^aws_db_instance\.database fails RDS\.5, .* Or write the reason in control_reasons = \{ "RDS\.5" = "\.\.\." \}/,
      ),
    ]);
    expect(breaches({ 'RDS.5': 'One zone is enough.' })).toEqual([]);
    expect(breaches({ 'RDS.500': 'There is none.', 'RDS.5': 'One zone is enough.' }).join()).toContain('RDS.500');
  });

  it('a failing control names the line of the setting that decides it', () => {
    const { stacks } = environmentOf('prod');
    const settled = {
      settings: { db_multi_az: false },
      place: (setting: string) => (setting === 'db_multi_az' ? 'prod.tfvars:51' : undefined),
    };
    const breaches = stacks.flatMap((stack) =>
      breachesOf(changed('aws_db_instance', { multi_az: false })(stack), true, { settled }),
    );
    expect(breaches.join('\n')).toContain('change db_multi_az (prod.tfvars:51). Or write the reason');
  });

  it('every setting that decides a control decides one that can fail', () => {
    const ids = Object.keys(controlSettings);
    expect(ids.filter((id) => !controls.some((control) => control.id === id))).toEqual([]);
    expect(ids.filter((id) => Object.hasOwn(controlReasons, id) && controlReasons[id]?.of === undefined)).toEqual([]);
  });

  it('a reason excuses no other resource than it is about', () => {
    const views = viewsOf('prod', changed('aws_s3_bucket_logging', undefined));
    expect(judge(controlOf('S3.9'), views).outcome).toBe('fails');
    const open = viewsOf('prod', changed('aws_apigatewayv2_route', { authorization_type: 'NONE' }));
    expect(judge(controlOf('APIGateway.8'), open).outcome).toBe('fails');
  });

  it('one trail in the primary region is enough', () => {
    const { stacks } = environmentOf('prod');
    const views = stacks.map((stack) => viewOf(changed('aws_cloudtrail', undefined)(stack), true, { primary: false }));
    expect(judge(controlOf('CloudTrail.1'), views).outcome).toBe('absent');
  });
});

/**
 * The standard on 2026-11-20, in services of which there is something here.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
 */
const standard: Readonly<Record<string, string>> = {
  Account: '1',
  ACM: '1 2',
  APIGateway: '1 2 3 4 5 8 9 10 11',
  AutoScaling: '1 2 3 5 6 9',
  Backup: '1',
  CloudFront: '1 3 4 5 6 7 8 9 10 12 13 15 16 17',
  CloudTrail: '1 2 4 5',
  Cognito: '2 3 4 5 6',
  Config: '1',
  DataFirehose: '1',
  DynamoDB: '1 2 3 6 7',
  EC2: '1 2 3 4 6 7 8 9 10 15 16 17 18 19 20 21 23 24 25 51 55 56 57 58 60 170 171 172 173 180 181 182 183',
  ECR: '1 2 3',
  ECS: '2 3 4 5 8 9 10 12 16 18 19 20 21',
  ElastiCache: '1 2 3 4 5 6 7',
  ELB: '1 2 3 4 5 6 7 8 9 10 12 13 14 17 18 21 22',
  GuardDuty: '1 5 6 7 8 9 10 11 12 13',
  IAM: '1 2 3 4 5 6 7 8 21',
  Inspector: '1 2 3 4',
  KMS: '1 2 3 5',
  Lambda: '1 2 5',
  Macie: '1 2',
  RDS: '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 19 20 21 22 23 24 25 27 34 35 36 37 40 41 42 43 44 45 46 47 48 50',
  Route53: '2',
  S3: '1 2 3 5 6 8 9 12 13 19 24 25',
  SecretsManager: '1 2 3 4',
  SES: '3',
  SNS: '4',
  SQS: '1 3',
  SSM: '1 2 3 4 6 7',
  WAF: '1 2 3 4 6 7 8 10 12',
};

it('every control of the standard is judged, kept elsewhere, or of a kind that is not made', () => {
  const wanted = Object.entries(standard).flatMap(([service, numbers]) =>
    numbers.split(' ').map((number) => `${service}.${number}`),
  );
  const here = [
    ...controls.map(({ id }) => id),
    ...outsideControls.map(({ id }) => id),
    ...unusedKinds.flatMap(({ ids }) => ids),
  ];
  expect([...here].sort()).toEqual([...wanted].sort());
});
