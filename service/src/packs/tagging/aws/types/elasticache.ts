/** Caches: clusters, those of replication groups among them, and the groups. */
import {
  AddTagsToResourceCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-elasticache';
import { awsApi } from '../api.ts';
import { describedType, type PageAsk } from './described.ts';
import { toList } from './driver.ts';
import type { TypeFacts } from './form.ts';

const api = awsApi('elasticache', (config) => new ElastiCacheClient(config));

const ofElastiCache: Pick<TypeFacts<ElastiCacheClient>, 'set' | 'remove' | 'tags'> = {
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ ResourceName: arn }), options)).TagList,
  set: (client, { arn }, tags, options) =>
    client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [...keys] }), options),
};

const paged = ({ token }: PageAsk) => ({ MaxRecords: 100, Marker: token });

export const cacheCluster = describedType({
  type: 'elasticache:cluster',
  api,
  noun: ['cluster', 'clusters'],
  taggingFilter: 'elasticache:cluster',
  readsAtOnce: 1,
  missing: ['CacheClusterNotFoundFault', 'CacheClusterNotFound'],
  page: (client, ask, options) => {
    const CacheClusterId = ask.named?.[0]?.id;
    return client.send(new DescribeCacheClustersCommand({ ...paged(ask), CacheClusterId }), options);
  },
  next: ({ Marker }) => Marker,
  items: ({ CacheClusters }) => CacheClusters,
  resource: (cluster, _place, must) => ({
    arn: must('ARN', cluster.ARN),
    id: must('name', cluster.CacheClusterId),
    state: must('status', cluster.CacheClusterStatus),
    createdAt: cluster.CacheClusterCreateTime,
    tags: null,
  }),
  tags: ofElastiCache.tags,
  set: ofElastiCache.set,
  remove: ofElastiCache.remove,
});

export const replicationGroup = describedType({
  type: 'elasticache:replicationgroup',
  api,
  noun: ['replication group', 'replication groups'],
  taggingFilter: 'elasticache:replicationgroup',
  readsAtOnce: 1,
  missing: ['ReplicationGroupNotFoundFault'],
  page: (client, ask, options) => {
    const ReplicationGroupId = ask.named?.[0]?.id;
    return client.send(new DescribeReplicationGroupsCommand({ ...paged(ask), ReplicationGroupId }), options);
  },
  next: ({ Marker }) => Marker,
  items: ({ ReplicationGroups }) => ReplicationGroups,
  resource: (group, _place, must) => ({
    arn: must('ARN', group.ARN),
    id: must('name', group.ReplicationGroupId),
    state: must('status', group.Status),
    createdAt: group.ReplicationGroupCreateTime,
    tags: null,
  }),
  tags: ofElastiCache.tags,
  set: ofElastiCache.set,
  remove: ofElastiCache.remove,
});
