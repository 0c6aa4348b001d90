import { synthesized } from '../testing/synthesized.ts';
import { Cache, type CacheProps } from './cache.ts';

const props: CacheProps = {
  name: 'tagging-mcp-cache',
  engine: 'redis',
  nodeType: 'cache.t4g.micro',
  nodes: 2,
  port: 6379,
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  snapshotDays: 1,
  logRetentionDays: 30,
  keys: {},
};
const made = (changes: Partial<CacheProps> = {}) =>
  synthesized((stack) => new Cache(stack, 'cache', { ...props, ...changes }));
const group = (changes?: Partial<CacheProps>) => made(changes).all('aws_elasticache_replication_group').cache;

describe('the cache', () => {
  it.each([
    ['redis', '7.1', 'redis7'],
    ['valkey', '8.0', 'valkey8'],
  ] as const)('is %s %s', (engine, version, family) => {
    expect(group({ engine })).toMatchObject({
      engine,
      engine_version: version,
      node_type: 'cache.t4g.micro',
      port: 6379,
    });
    expect(made({ engine }).one('aws_elasticache_parameter_group')).toMatchObject({
      family,
      parameter: [{ name: 'maxmemory-policy', value: 'allkeys-lru' }],
    });
  });

  it('stands in several zones and fails over with two nodes, not with one', () => {
    const several = { automatic_failover_enabled: true, multi_az_enabled: true };
    expect(group()).toMatchObject({ num_cache_clusters: 2, ...several });
    expect(group({ nodes: 1 })).toMatchObject({ automatic_failover_enabled: false, multi_az_enabled: false });
  });

  it('names its nodes as ElastiCache does', () => {
    let ids = {};
    synthesized((stack) => {
      ids = new Cache(stack, 'cache', props).memberIds;
    });
    expect(ids).toEqual({ '001': 'tagging-mcp-cache-001', '002': 'tagging-mcp-cache-002' });
  });

  it('takes TLS only and is encrypted', () => {
    expect(group()).toMatchObject({
      transit_encryption_enabled: true,
      transit_encryption_mode: 'required',
      at_rest_encryption_enabled: 'true',
      security_group_ids: ['sg-1'],
    });
    expect(group({ keys: { data: 'key-d' } })).toMatchObject({ kms_key_id: 'key-d' });
  });

  it('has no token in Terraform, which leaves alone the one that was set', () => {
    expect(group()).not.toHaveProperty('auth_token');
    expect(group()?.lifecycle).toEqual({ ignore_changes: ['auth_token', 'auth_token_update_strategy'] });
  });

  it('keeps snapshots for as long as asked, and its logs', () => {
    expect(group({ snapshotDays: 3 })).toMatchObject({ snapshot_retention_limit: 3, snapshot_window: '03:00-04:00' });
    expect(group({ snapshotDays: 0 })).not.toHaveProperty('snapshot_window');
    expect(group()?.log_delivery_configuration).toEqual([
      expect.objectContaining({ log_type: 'slow-log', destination_type: 'cloudwatch-logs', log_format: 'json' }),
      expect.objectContaining({ log_type: 'engine-log' }),
    ]);
    const groups = Object.values(made({ keys: { logs: 'key-l' } }).all('aws_cloudwatch_log_group'));
    expect(groups.map(({ name, retention_in_days, kms_key_id }) => [name, retention_in_days, kms_key_id])).toEqual([
      ['/aws/elasticache/tagging-mcp-cache/engine', 30, 'key-l'],
      ['/aws/elasticache/tagging-mcp-cache/slow', 30, 'key-l'],
    ]);
  });
});
