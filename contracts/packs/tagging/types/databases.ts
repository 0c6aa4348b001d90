/** Clusters of databases and caches. */
import { declareTypes } from './type.ts';

const rdsCluster = ['arn:aws:rds:*:{account}:cluster:*'];
const redshiftCluster = ['arn:aws:redshift:*:{account}:cluster:*'];
const cacheCluster = ['arn:aws:elasticache:*:{account}:cluster:*'];
const replicationGroup = ['arn:aws:elasticache:*:{account}:replicationgroup:*'];

export const databaseTypes = declareTypes({
  'rds:cluster': {
    label: 'RDS cluster, with those of Neptune and DocumentDB',
    list: { 'rds:DescribeDBClusters': rdsCluster },
    set: { 'rds:AddTagsToResource': rdsCluster },
    remove: { 'rds:RemoveTagsFromResource': rdsCluster },
  },
  'redshift:cluster': {
    label: 'Redshift cluster',
    list: { 'redshift:DescribeClusters': 'everywhere' },
    set: { 'redshift:CreateTags': redshiftCluster },
    remove: { 'redshift:DeleteTags': redshiftCluster },
  },
  'elasticache:cluster': {
    label: 'ElastiCache cluster',
    list: { 'elasticache:DescribeCacheClusters': cacheCluster, 'elasticache:ListTagsForResource': cacheCluster },
    set: { 'elasticache:AddTagsToResource': cacheCluster },
    remove: { 'elasticache:RemoveTagsFromResource': cacheCluster },
  },
  'elasticache:replicationgroup': {
    label: 'ElastiCache replication group',
    list: {
      'elasticache:DescribeReplicationGroups': replicationGroup,
      'elasticache:ListTagsForResource': replicationGroup,
    },
    set: { 'elasticache:AddTagsToResource': replicationGroup },
    remove: { 'elasticache:RemoveTagsFromResource': replicationGroup },
  },
});
