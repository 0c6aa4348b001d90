import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { Aspects } from 'cdktf';
import { synthesized } from '../testing/synthesized.ts';
import { breachesOf, FailOnBreach, policies } from './policies.ts';
import { needsAreReached } from './reach.ts';

type Blocks = Record<string, Record<string, unknown>>;
const stack = (type: string, block: Record<string, unknown>, others: Record<string, Blocks> = {}) => ({
  resource: { [type]: { x: block }, ...others },
});
const statement = (fields: Record<string, unknown>) => ({
  data: { aws_iam_policy_document: { x: { statement: [fields] } } },
});
const bucket = (access: Record<string, unknown> | undefined, encrypted = true) =>
  stack(
    'aws_s3_bucket',
    { bucket: 'b' },
    {
      ...(access && { aws_s3_bucket_public_access_block: { x: { bucket: '${aws_s3_bucket.x.id}', ...access } } }),
      ...(encrypted && {
        aws_s3_bucket_server_side_encryption_configuration: { x: { bucket: '${aws_s3_bucket.x.id}' } },
      }),
    },
  );
const blocked = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
const ingress = (fields: Record<string, unknown>, name = 'load-balancer_https') => ({
  resource: { aws_vpc_security_group_ingress_rule: { [name]: { from_port: 443, to_port: 443, ...fields } } },
});
const listener = (fields: Record<string, unknown>, certificate = true) =>
  stack(
    'aws_lb_listener',
    { protocol: 'HTTP', default_action: [{ type: 'forward' }], ...fields },
    {
      aws_lb_listener: {
        x: { protocol: 'HTTP', default_action: [{ type: 'forward' }], ...fields },
        ...(certificate && { y: { protocol: 'HTTPS', certificate_arn: 'arn', default_action: [{ type: 'forward' }] } }),
      },
    },
  );
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`Key${index}`, 'x']));
const plan = { aws_backup_plan: { x: {} } };
const table = (fields: Record<string, unknown> = {}) =>
  stack('aws_dynamodb_table', { name: 'a-operations', server_side_encryption: { enabled: true }, ...fields }, plan);
const database = (fields: Record<string, unknown> = {}) =>
  stack('aws_db_instance', { storage_encrypted: true, backup_retention_period: 35, ...fields }, plan);

/** A policy, what breaks it, what does not, and whether that is so in prod. */
const cases: readonly (readonly [policy: string, broken: unknown, sound: unknown, prod?: boolean])[] = [
  ['databases are private', database({ publicly_accessible: true }), database({ publicly_accessible: false })],
  ['buckets are private', bucket(undefined), bucket(blocked)],
  ['buckets are private', bucket({ ...blocked, block_public_policy: false }), bucket(blocked)],
  ['ingress is narrow', ingress({ cidr_ipv4: '0.0.0.0/0' }, 'tasks_https'), ingress({ cidr_ipv4: '0.0.0.0/0' })],
  [
    'ingress is narrow',
    ingress({ cidr_ipv6: '::/0', from_port: 22, to_port: 22 }),
    ingress({ cidr_ipv4: '10.0.0.0/16', from_port: 22, to_port: 22 }),
  ],
  [
    'ingress is narrow',
    ingress({ cidr_ipv4: '0.0.0.0/0', from_port: 80 }),
    ingress({ cidr_ipv4: '0.0.0.0/0', from_port: 80, to_port: 80 }),
  ],
  ['groups have no inline rules', stack('aws_security_group', { ingress: [{}] }), stack('aws_security_group', {})],
  ['stores are encrypted', table({ server_side_encryption: { enabled: false } }), table()],
  [
    'stores are encrypted',
    database({ storage_encrypted: undefined }),
    database({ storage_encrypted: undefined, replicate_source_db: 'a' }),
  ],
  ['stores are encrypted', stack('aws_sqs_queue', {}), stack('aws_sqs_queue', { sqs_managed_sse_enabled: true })],
  ['stores are encrypted', stack('aws_sns_topic', {}), stack('aws_sns_topic', { kms_master_key_id: 'k' })],
  [
    'stores are encrypted',
    stack('aws_elasticache_replication_group', { at_rest_encryption_enabled: 'true' }),
    stack('aws_elasticache_replication_group', {
      at_rest_encryption_enabled: 'true',
      transit_encryption_enabled: true,
    }),
  ],
  [
    'stores are encrypted',
    stack('aws_launch_template', { block_device_mappings: [{ ebs: { encrypted: 'false' } }] }),
    stack('aws_launch_template', { block_device_mappings: [{ ebs: { encrypted: 'true' } }] }),
  ],
  [
    'stores are encrypted',
    stack('aws_kinesis_firehose_delivery_stream', {}),
    stack('aws_kinesis_firehose_delivery_stream', { server_side_encryption: { enabled: true } }),
  ],
  ['buckets are encrypted', bucket(blocked, false), bucket(blocked)],
  [
    'distributions use TLS',
    stack('aws_cloudfront_distribution', { default_cache_behavior: { viewer_protocol_policy: 'allow-all' } }),
    stack('aws_cloudfront_distribution', { default_cache_behavior: { viewer_protocol_policy: 'redirect-to-https' } }),
  ],
  ['listeners use TLS', listener({}), listener({ default_action: [{ type: 'redirect' }] })],
  // The market-data system has no domain name, and is no production.
  ['listeners use TLS', listener({}, false), listener({ protocol: 'HTTPS' }), true],
  [
    'wildcards have a written reason',
    statement({ sid: 'All', actions: ['s3:*'], resources: ['arn:aws:s3:::b'] }),
    statement({ sid: 'AccountThroughIam', actions: ['kms:*'], resources: ['*'] }),
  ],
  [
    'wildcards have a written reason',
    statement({ actions: ['s3:GetObject'], resources: ['*'] }),
    statement({ effect: 'Deny', actions: ['*'], resources: ['*'] }),
  ],
  [
    'wildcards have a written reason',
    stack('aws_sqs_queue_policy', { policy: '{"Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"arn:q"}}' }),
    stack('aws_sqs_queue_policy', {
      policy: '{"Statement":[{"Effect":"Allow","Action":["sqs:SendMessage"],"Resource":"arn:q"}]}',
    }),
  ],
  [
    'logs end',
    stack('aws_cloudwatch_log_group', { name: 'a' }),
    stack('aws_cloudwatch_log_group', { retention_in_days: 7 }),
  ],
  ['tables in prod can be restored', table(), table({ point_in_time_recovery: { enabled: true } }), true],
  ['tables in prod can be restored', table({ name: 'a-snapshots' }), table({ name: 'a-elevations' }), true],
  ['databases in prod are backed up', database({ backup_retention_period: 1 }), database(), true],
  ['prod has a backup plan', stack('aws_db_instance', {}), database(), true],
  ['AWS takes it', stack('aws_lb', { name: 'internal-web' }), stack('aws_lb', { name: 'web' })],
  [
    'AWS takes the tags',
    stack('aws_iam_role', { tags: { Team: 'a', team: 'b' } }),
    stack('aws_vpc', { tags: { Team: 'a', team: 'b' } }),
  ],
  ['AWS takes the tags', stack('aws_vpc', { tags: tags(51) }), stack('aws_vpc', { tags: tags(50) })],
  ['AWS takes the tags', stack('aws_s3_object', { tags: tags(11) }), stack('aws_s3_object', { tags: tags(10) })],
  [
    'AWS takes the tags',
    stack('aws_vpc', { tags: { Team: 'R&D' } }),
    stack('aws_vpc', { tags: { Team: 'Forschung + Übung' } }),
  ],
  [
    'Foundational Security Best Practices in prod',
    stack('aws_lambda_permission', { principal: '*' }),
    stack('aws_lambda_permission', { principal: 'apigateway.amazonaws.com' }),
    true,
  ],
];

describe('a policy', () => {
  it.each(cases.map(([policy, broken, sound, prod = false]) => ({ policy, broken, sound, prod })))(
    '$policy: $broken',
    ({ policy, broken, sound, prod }) => {
      const breached = (subject: unknown) => breachesOf(subject, prod).filter((line) => line.endsWith(`(${policy})`));
      expect(breached(broken)).toHaveLength(1);
      expect(breached(sound)).toEqual([]);
    },
  );

  // What reaches what depends on the network: modules/stacks/reach.test.ts.
  it.each(policies.filter((policy) => policy !== needsAreReached))('$name is tried above', ({ name }) => {
    expect(cases.map(([policy]) => policy)).toContain(name);
  });

  it.each([
    'tables in prod can be restored',
    'databases in prod are backed up',
    'prod has a backup plan',
    'Foundational Security Best Practices in prod',
  ])('%s binds prod alone', (policy) => {
    for (const [name, broken] of cases)
      if (name === policy) expect(breachesOf(broken, false).join()).not.toContain(policy);
  });
});

describe('synthesis', () => {
  const synthesize = (encrypted: boolean) =>
    synthesized((stack) => {
      Aspects.of(stack).add(new FailOnBreach({ prod: false }));
      new SqsQueue(stack, 'queue', { name: 'q', sqsManagedSseEnabled: encrypted });
    });

  it('fails on a breach, naming the resource and the remedy', () => {
    expect(() => synthesize(false)).toThrow(/aws_sqs_queue\.queue is not encrypted: switch its encryption on/);
    expect(() => synthesize(true)).not.toThrow();
  });
});
