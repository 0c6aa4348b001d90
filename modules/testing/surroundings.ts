/** For tests of layers that look at others: outputs such as the others would hand over for a deployment. */
import { deployedTables } from '../../contracts/tables.ts';
import type { Deployment } from '../stacks/deployment.ts';
import type { BackendOutputs, NamedArn, StorageOutputs } from '../stacks/outputs.ts';

const named = (name: string, service: string): NamedArn => ({
  name,
  arn: `arn:aws:${service}:us-east-1:111122223333:${name}`,
});

export const storageOf = ({ settings, names }: Deployment): StorageOutputs => ({
  keys: settings.encryption === 'cmk' ? { data: 'arn:aws:kms:us-east-1:111122223333:key/data' } : {},
  ...(settings.store_mode === 'dynamodb' && {
    tables: Object.fromEntries(
      deployedTables(settings.tool_packs).map((table) => [
        table,
        named(`${settings.table_prefix}${table}`, 'dynamodb'),
      ]),
    ),
  }),
  ...(settings.store_mode === 'postgres' && {
    database: {
      host: 'db.example.com',
      port: '5432',
      name: settings.db_name,
      identifier: names.of('database'),
      arn: 'arn:aws:rds:us-east-1:111122223333:db:db',
      secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds-a',
    },
  }),
  ...(settings.cache_enabled && {
    cache: {
      host: 'cache.example.com',
      port: '6379',
      replicationGroupId: names.of('cache'),
      memberIds: { '001': `${names.of('cache')}-001`, '002': `${names.of('cache')}-002` },
    },
  }),
  buckets: {
    logs: { name: names.bucket('logs'), arn: `arn:aws:s3:::${names.bucket('logs')}` },
    ...(settings.audit_archive && {
      archive: { name: names.bucket('archive'), arn: `arn:aws:s3:::${names.bucket('archive')}` },
    }),
  },
  secrets: {},
});

export const backendOf = ({ settings, shape, names }: Deployment): BackendOutputs => {
  const colours = <T>(value: (colour: string) => T) =>
    Object.fromEntries(shape.colours.map((colour) => [colour, value(colour)]));
  const tasks = settings.compute_mode === 'fargate';
  return {
    publicUrl: 'https://mcp.example.com',
    logGroups: { service: names.of('log-group'), ...(shape.httpApi && { api: `/aws/apigateway/${names.of('api')}` }) },
    taskRole: named(names.of('task-role'), 'iam'),
    ...(tasks && { cluster: named(names.of('cluster'), 'ecs') }),
    services: tasks ? colours((colour) => `${names.of('service')}-${colour}`) : {},
    ...(shape.loadBalancer && {
      loadBalancer: { arn: 'arn:alb', arnSuffix: 'app/alb/1234', dnsName: 'alb.example.com', zoneId: 'Z1' },
    }),
    targetGroups: shape.targetGroups
      ? colours((colour) => ({ arn: `arn:${colour}`, arnSuffix: `targetgroup/${colour}/5678` }))
      : {},
    ...(shape.httpApi && { httpApi: { id: 'a1b2c3d4', endpoint: 'https://api.example.com', stage: '$default' } }),
    ...(shape.distribution && { distribution: { id: 'E1ABCDEF', domainName: 'd1.cloudfront.net' } }),
    ...(settings.compute_mode === 'lambda' && { function: named(names.with('service'), 'lambda') }),
    ...(shape.authorizer && { authorizer: named(names.of('authorizer'), 'lambda') }),
    ...(settings.compute_mode === 'ec2' && { scalingGroup: named(names.with('group'), 'autoscaling') }),
    queues: Object.fromEntries(
      settings.queues.flatMap((queue) => [
        [queue, names.with(queue)],
        [`${queue}-dead-letter`, names.with(`${queue}-dead-letter`)],
      ]),
    ),
    ...(shape.waf !== 'none' && { webAcl: named(names.with('web-acl'), 'wafv2') }),
  };
};
